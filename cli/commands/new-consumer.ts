import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { oneOf } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";
import { explainNames } from "./explain-names.ts";

const languageFrom = oneOf("typescript", "python");
const modeFrom = oneOf("once", "record", "none");

/** `bus new consumer <Name> --on <type>`: handler, test and construct. */
export const newConsumer = command({
  name: "consumer",
  summary: "write a consumer into your project: handler, test, contract where there is none, construct",
  details: [
    "Finds the contract of the event in your project; one that is not there is written, too. No file is ever written over:",
    'all are written, or none. A stack made by "bus new app" gets its line; for another one the lines are printed.',
    "",
    "Examples:",
    "  bus new consumer SendReceipt --on order.created",
    "  bus new consumer LockStock --on order.created --emits stock.locked",
    "  bus new consumer Score --on order.created --language python",
    "  bus new consumer MoveStock --on stock.moved --fifo --dry-run",
  ].join("\n"),
  arguments: {
    name: { value: "<Name>", summary: 'the consumer\'s name, as in "LockStock": the construct id' },
  },
  options: {
    on: { value: "<type>", summary: 'the event that it takes, as in "order.created"; must be given' },
    emits: { value: "<type>", summary: "an event that it emits" },
    language: {
      value: "<language>",
      summary: "typescript or python",
      parse: languageFrom,
      fallback: "typescript",
    },
    mode: {
      value: "<mode>",
      summary: "how effects are kept single: once, record or none",
      parse: modeFrom,
      fallback: "once",
    },
    fifo: { summary: "events in order, by partition key: the contract's topic ends in .fifo" },
    topic: { value: "<topic>", summary: 'the topic of a new contract (default: "orders" for order.created)' },
    contract: { value: "<file>", summary: "the file of the contract, where several have this type" },
    "dry-run": { summary: "print what would be written, and write nothing" },
    json: { summary: "print what was written as one line of JSON" },
  },
  run: async (terminal, values) => {
    // Loaded here, so that `bus --help` does not wait for it.
    const { planConsumer, refuseWhatIsThere, writeFiles } = await import("../../ops/scaffold/index.ts");
    const { name, on, emits, language, mode, fifo, topic, contract, "dry-run": dryRun, json } = values;
    if (on === undefined) {
      throw new UsageError('--on is missing: name the event that it takes, as in "--on order.created"');
    }
    const plan = await explainNames(() =>
      planConsumer({ directory: terminal.directory, name, on, emits, language, mode, fifo, topic, contract }),
    );
    const { project, files, stack, lines, notes, test } = plan;
    if (dryRun) refuseWhatIsThere(project.folder, files);
    else writeFiles(project.folder, files);
    const next = [test, "npx bus local", "npx cdk deploy"];
    if (json) {
      terminal.printJson({
        project: project.folder,
        files: files.filter(({ replaces }) => replaces === undefined).map(({ path }) => path),
        changed: files.filter(({ replaces }) => replaces !== undefined).map(({ path }) => path),
        written: !dryRun,
        ...(stack === undefined ? { paste: lines } : {}),
        notes,
        next,
      });
      return exitCodes.done;
    }
    terminal.say(`${dryRun ? "would write" : "wrote"} the consumer ${name} into ${project.folder}:`);
    for (const { path, replaces } of files)
      terminal.say(`  ${path}${replaces === undefined ? "" : "  (changed)"}`);
    const block = (title: string, content: readonly string[]) =>
      content.length > 0
        ? ["", `${title}:`, ...content.flatMap((text) => text.split("\n").map((line) => `  ${line}`))]
        : [];
    terminal.print(
      [
        ...block("paste into your stack", stack === undefined ? lines : []),
        ...block("note", notes),
        ...block("next", next),
      ].join("\n"),
    );
    return exitCodes.done;
  },
});
