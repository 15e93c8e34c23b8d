import type { ConsumerMode } from "../../src/env.ts";
import { constructLines } from "./construct-lines.ts";
import { type ContractPlan, planContract } from "./contract-plan.ts";
import { importPath } from "./import-path.ts";
import { insertConsumer } from "./insert-lines.ts";
import { checkConsumerName, idFieldOf, topicOf } from "./names.ts";
import type { NewFile } from "./new-file.ts";
import { type Project, readProject } from "./project.ts";
import { pythonFiles } from "./python-files.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { textFieldOf } from "./template-choice.ts";
import { typescriptFiles } from "./typescript-files.ts";

/** What `planConsumer` takes. */
export interface ConsumerPlanOptions {
  /** Somewhere in the user's project. */
  readonly directory: string;
  /** The construct id. */
  readonly name: string;
  /** The type of the event that it takes, as in `order.created`. */
  readonly on: string;
  /** The type of an event that it emits. @default none */
  readonly emits?: string | undefined;
  /** @default "typescript" */
  readonly language?: "typescript" | "python";
  /** @default "once" */
  readonly mode?: ConsumerMode;
  /** Whether events arrive in order; the contract's topic must then end in `.fifo`. @default as the contract has it */
  readonly fifo?: boolean;
  /** The topic of a contract that is not there yet. @default "orders" for `order.created` */
  readonly topic?: string | undefined;
  /** The file of the contract, where several have this type. */
  readonly contract?: string | undefined;
}

/** A new consumer: what is written, and what is left to be pasted. */
export interface ConsumerPlan {
  readonly project: Project;
  readonly files: readonly NewFile[];
  readonly contracts: readonly ContractPlan[];
  /** The stack that already has its line; `undefined`: `lines` are to be pasted. */
  readonly stack: string | undefined;
  /** The construct, and what it imports. */
  readonly lines: readonly string[];
  /** What its author has to do or to know besides. */
  readonly notes: readonly string[];
  /** Runs its test. */
  readonly test: string;
}

/**
 * Plans a consumer with its test, and a contract where there is none yet; writes nothing. Names are refused as
 * constructs and `defineEvent` refuse them. Throws `SettingsError`, `ContractError` or `ScaffoldError`.
 */
export async function planConsumer(options: ConsumerPlanOptions): Promise<ConsumerPlan> {
  const { name, on: type, emits, language = "typescript", mode = "once", fifo = false } = options;
  checkConsumerName(name);
  const project = readProject(options.directory);
  refuseTwin(project, name);
  const on = await planContract(project, type, {
    topic: options.topic ?? topicOf(type, fifo),
    field: idFieldOf(type),
    from: options.contract,
  });
  if (fifo && !on.fifo) {
    throw new ScaffoldError(
      "not-ordered",
      `${type} travels on a standard topic (${on.path}), which keeps no order; --fifo needs a contract whose topic ends in ".fifo": change the contract's topic, or leave --fifo out`,
    );
  }
  const emitted =
    emits === undefined
      ? undefined
      : await planContract(project, emits, {
          topic: topicOf(emits, false),
          field: textFieldOf(on) ?? idFieldOf(type),
        });
  const parts = { name, mode, on, emitted };
  const written = language === "python" ? pythonFiles(project, parts) : typescriptFiles(project, parts);
  const contracts = [on, ...(emitted ? [emitted] : [])];

  const construct = (indent: string, nameOf: (contract: ContractPlan) => string) =>
    constructLines(
      name,
      {
        bus: "bus",
        on: `[${nameOf(on)}]`,
        emits: emitted && `[${nameOf(emitted)}]`,
        mode: mode === "once" ? undefined : JSON.stringify(mode),
        language: language === "python" ? '"python"' : undefined,
        entry: JSON.stringify(written.entry),
      },
      indent,
    );
  const inserted = insertConsumer(project, contracts, construct);
  const stack = inserted?.[0]?.path ?? project.sources.find(({ text }) => /new EventBus\(/.test(text))?.path;
  const imports = contracts.map(({ binding, path }) => {
    return `import { ${binding} } from "${importPath(stack ?? "stack.ts", path, project)}";`;
  });
  return {
    project,
    contracts,
    files: [...contracts.flatMap(({ file }) => (file ? [file] : [])), ...written.files, ...(inserted ?? [])],
    stack: inserted && stack,
    lines: [...imports, construct("", ({ binding }) => binding)],
    notes: [...notesOf(project, contracts, inserted !== undefined, written.entry), ...written.notes],
    test: written.test,
  };
}

function refuseTwin(project: Project, name: string): void {
  const twin = project.sources.find(({ text }) =>
    new RegExp(`new Consumer\\(\\s*[\\w.]+,\\s*["'\`]${name}["'\`]`).test(text),
  );
  if (!twin) return;
  throw new ScaffoldError(
    "consumer-taken",
    `${twin.path} has a consumer ${name} already, and both would be the same queue and function; nothing was written: choose another name`,
  );
}

function notesOf(
  project: Project,
  contracts: readonly ContractPlan[],
  inserted: boolean,
  entry: string,
): readonly string[] {
  const notes: string[] = [];
  const added = contracts.filter(({ file }) => file !== undefined);
  if (added.length > 0 && !inserted) {
    const names = added.map(({ binding }) => binding).join(", ");
    notes.push(
      `the bus makes topics of its contracts alone: add ${names} to \`contracts\` of new EventBus(…)`,
    );
  }
  for (const { path } of added) notes.push(`${path} has one field: say there what the event really carries`);
  if (added.length > 0 && !project.packages.has("zod")) notes.push("contracts use zod: npm install zod");
  for (const { type, sample } of contracts) {
    if (sample) continue;
    notes.push(
      `no data could be made up for ${type}: put some that its schema takes into the test of ${entry}`,
    );
  }
  return notes;
}
