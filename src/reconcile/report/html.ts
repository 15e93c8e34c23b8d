/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** What may stand in a template: HTML as it is, everything else escaped. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/** Control characters and the marks that turn the direction of writing: shown as escapes, so that they do nothing. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template whose values are escaped unless they are HTML themselves: what comes from outside can close no tag, begin no
 * attribute and turn no text around.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: parts.map((part, index) => part + written(values[index])).join("") };
}

/** Pieces of HTML, one after the other. */
export function joined(pieces: readonly HtmlValue[]): Html {
  return { html: pieces.map(written).join("") };
}

function written(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "object") return "html" in value ? value.html : joined(value).html;
  return String(value)
    .replace(/[&<>"']/g, (found) => entities[found] ?? "")
    .replace(controls, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
