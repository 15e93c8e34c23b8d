import type { ConsumerFiles, ConsumerParts } from "./consumer-files.ts";
import { importPath } from "./import-path.ts";
import { keyOf, literal } from "./literal.ts";
import { fileNameOf } from "./names.ts";
import type { Project } from "./project.ts";
import { refuseEmitsWithoutRecord, textFieldOf } from "./template-choice.ts";
import { fillIn, templateText } from "./templates.ts";

/** A handler in TypeScript and its test, out of the template that fits. */
export function typescriptFiles(project: Project, parts: ConsumerParts): ConsumerFiles {
  refuseEmitsWithoutRecord(parts);
  const { name, on, emitted } = parts;
  const template = templateFor(parts);
  const entry = `${project.folders.handlers}/${fileNameOf(name)}.ts`;
  const test = `${project.folders.tests}/${fileNameOf(name)}.test.ts`;
  const field = textFieldOf(on);
  const fill = (path: string, folder: string) =>
    fillIn(templateText(`handlers/${folder}/${template}${folder === "test" ? ".test" : ""}.ts`), {
      "../contracts/order-created.ts": importPath(path, on.path, project),
      "../contracts/order-created-fifo.ts": importPath(path, on.path, project),
      ...(emitted ? { "../contracts/stock-locked.ts": importPath(path, emitted.path, project) } : {}),
      [`../lambdas/${template}.ts`]: importPath(path, entry, project),
      "node:test": project.testModule,
      "event.data.orderId": field === undefined ? "event.id" : `event.data.${field}`,
      "order.created": on.type,
      orderCreated: on.binding,
      orderId: field ?? "id",
      ...(emitted ? { "stock.locked": emitted.type, stockLocked: emitted.binding } : {}),
      LockStock: name,
    });
  return {
    entry,
    files: [
      { path: entry, text: handlerText(fill(entry, "lambdas"), parts) },
      { path: test, text: testText(fill(test, "test"), template, parts) },
    ],
    test: project.testModule === "node:test" ? `node --test ${test}` : "npm test",
    notes: [],
  };
}

function templateFor({ mode, on, emitted }: ConsumerParts): string {
  if (emitted) return "emitting";
  if (mode !== "once") return mode;
  return on.fifo ? "fifo" : "plain";
}

/** Takes over what both events have in common; the rest is example data, for its author to replace. */
function handlerText(text: string, { on, emitted }: ConsumerParts): string {
  if (!emitted) return text;
  const entries = Object.entries(emitted.sample ?? {}).map(([key, value]) => {
    const shared = on.sample !== undefined && typeof on.sample[key] === typeof value;
    if (shared)
      return `${keyOf(key)}: event.data[${JSON.stringify(key)}]`.replace(/\["([A-Za-z_$][\w$]*)"\]$/, ".$1");
    return `${keyOf(key)}: ${emitted.file ? "event.id" : literal(value, "typescript")}`;
  });
  return text.replace(
    /(ctx\.emit\(\w+, )\{.*\}\)/,
    (_, begin: string) => `${begin}{ ${entries.join(", ")} })`,
  );
}

function testText(text: string, template: string, { mode, on, emitted }: ConsumerParts): string {
  let made = text.replace(
    /(const data: .* = ).*;/,
    (_, begin: string) => `${begin}${literal(on.sample ?? {}, "typescript")};`,
  );
  // On an ordered topic each event says whose order it keeps.
  if (on.fifo && template !== "fifo") {
    made = made.replaceAll(/(publish\(\w+, data)\)/g, '$1, { partitionkey: "a" })');
  }
  return emitted && mode !== "once" ? made.replace("{ handler, ", `{ handler, mode: "${mode}", `) : made;
}
