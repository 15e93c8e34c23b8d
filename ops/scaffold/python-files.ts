import type { ConsumerFiles, ConsumerParts } from "./consumer-files.ts";
import { importPath } from "./import-path.ts";
import { literal } from "./literal.ts";
import { fileNameOf, pythonNameOf } from "./names.ts";
import type { Project } from "./project.ts";
import { pythonNameTaken } from "./python-own-names.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { refuseEmitsWithoutRecord, textFieldOf } from "./template-choice.ts";
import { fillIn, templateText } from "./templates.ts";

/** A handler in Python, its test, and the file that lets the project's own test command run it. */
export function pythonFiles(project: Project, parts: ConsumerParts): ConsumerFiles {
  refuseEmitsWithoutRecord(parts);
  const { name, on, emitted } = parts;
  const module = pythonNameOf(name);
  refuseTaken(name, module);
  const handlers = `${project.folders.handlers}/${module}`;
  const entry = `${handlers}/${module}.py`;
  const test = `${project.folders.tests}/test_${module}.py`;
  const runner = `${project.folders.tests}/${fileNameOf(name)}.test.ts`;
  const template = emitted ? "lock_stock_emitting" : "lock_stock";
  const field = textFieldOf(on);
  const fill = (text: string) =>
    fillIn(text, {
      "../contracts/order-created.ts": importPath(runner, on.path, project),
      ...(emitted ? { "../contracts/stock-locked.ts": importPath(runner, emitted.path, project) } : {}),
      [`lambdas/${template}`]: handlers,
      [`test/test_${template}.py`]: test,
      [template]: module,
      "node:test": project.testModule,
      ...(field === undefined ? { 'event.data["orderId"]': "event.id" } : {}),
      "order.created": on.type,
      orderCreated: on.binding,
      order_created: pythonNameOf(on.type),
      orderId: field ?? "id",
      ...(emitted
        ? {
            "stock.locked": emitted.type,
            stockLocked: emitted.binding,
            stock_locked: pythonNameOf(emitted.type),
          }
        : {}),
      LockStock: name,
    });
  const runnerTemplate = emitted ? "python-emitting" : "python";
  return {
    entry,
    files: [
      {
        path: entry,
        text: handlerText(fill(templateText(`handlers/lambdas/${template}/${template}.py`)), parts),
      },
      { path: test, text: testText(fill(templateText(`handlers/test/test_${template}.py`)), parts) },
      { path: runner, text: fill(templateText(`handlers/test/${runnerTemplate}.test.ts`)) },
    ],
    test: project.testModule === "node:test" ? `node --test ${runner}` : "npm test",
    notes: [
      "bus local runs Python through AWS's own client: python3 -m venv .venv && .venv/bin/python -m pip install awslambdaric boto3",
    ],
  };
}

function refuseTaken(name: string, module: string): void {
  const why = pythonNameTaken(module);
  if (why === undefined) return;
  throw new ScaffoldError(
    "python-name",
    `consumer ${name} would be the file ${module}.py, and ${module} ${why}; nothing was written: choose a name of two words, as in "LockStock"`,
  );
}

/** Takes over what both events have in common; the rest is example data, for its author to replace. */
function handlerText(text: string, { on, emitted }: ConsumerParts): string {
  if (!emitted) return text;
  const entries = Object.entries(emitted.sample ?? {}).map(([key, value]) => {
    const shared = on.sample !== undefined && typeof on.sample[key] === typeof value;
    const made = shared ? `event.data[${JSON.stringify(key)}]` : literal(value, "python");
    return `${JSON.stringify(key)}: ${emitted.file && !shared ? "event.id" : made}`;
  });
  return text.replace(/(ctx\.emit\(\w+, )\{.*\}\)/, (_, begin: string) => `${begin}{${entries.join(", ")}})`);
}

function testText(text: string, { on, mode }: ConsumerParts): string {
  let made = text.replace(/^DATA = .*$/m, () => `DATA = ${literal(on.sample ?? {}, "python")}`);
  if (on.fifo) made = made.replace(/(bus\.publish\(.*), DATA\)/, '$1, DATA, partitionkey="a")');
  if (mode !== "once")
    made = made.replaceAll(/MemoryBus\(handler(.*)\)/g, `MemoryBus(handler$1, mode="${mode}")`);
  return mode === "none"
    ? made
        .replace("test_handles_an_event_once_however_often_it_is_delivered", "test_runs_for_each_delivery")
        .replace('"duplicate"', '"handled"')
    : made;
}
