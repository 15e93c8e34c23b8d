/**
 * What SNS answers is XML of a fixed, flat shape without attributes that matter: lists of `member`s under a name, and
 * texts. These two read it; they are no XML parser.
 */

/** The insides of each `<member>` in the list called `name`. */
export function readElements(xml: string, name: string): readonly string[] {
  const list = inside(xml, name);
  if (list === undefined) return [];
  const members: string[] = [];
  for (let from = list.indexOf("<member>"); from >= 0; from = list.indexOf("<member>", from + 1)) {
    const end = list.indexOf("</member>", from);
    members.push(list.slice(from + "<member>".length, end < 0 ? undefined : end));
  }
  return members;
}

/** The text of the first element called `name`; empty where there is none. */
export function readText(xml: string, name: string): string {
  return (inside(xml, name) ?? "").replace(/&(lt|gt|quot|apos|amp|#x?[0-9a-fA-F]+);/g, (_, entity: string) =>
    decoded(entity),
  );
}

function inside(xml: string, name: string): string | undefined {
  const from = xml.indexOf(`<${name}>`);
  if (from < 0) return undefined;
  const start = from + name.length + 2;
  const end = xml.indexOf(`</${name}>`, start);
  return end < 0 ? undefined : xml.slice(start, end);
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function decoded(entity: string): string {
  const named = entities[entity];
  if (named !== undefined) return named;
  const code = entity.startsWith("#x")
    ? Number.parseInt(entity.slice(2), 16)
    : Number.parseInt(entity.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
