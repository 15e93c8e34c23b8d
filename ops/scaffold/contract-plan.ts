import { jsonSchemaOf } from "../../src/contract/index.ts";
import { isFifo } from "../../src/names.ts";
import { findContract, loadContract } from "./find-contract.ts";
import { bindingOf, checkContract, fileNameOf, topicOf } from "./names.ts";
import type { NewFile } from "./new-file.ts";
import type { Project } from "./project.ts";
import { sampleOf } from "./sample-data.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { fillIn, templateText } from "./templates.ts";

/** A contract that a new consumer takes or emits: one of the project's own, or a new one. */
export interface ContractPlan {
  readonly type: string;
  readonly binding: string;
  /** Where it is, or will be. */
  readonly path: string;
  readonly fifo: boolean;
  /** Data that its schema takes; `undefined` where that could not be found out. */
  readonly sample: Readonly<Record<string, unknown>> | undefined;
  /** The schema of its data; `undefined` where it could not be read. */
  readonly schema: unknown;
  /** The file to write, for a new one. */
  readonly file: NewFile | undefined;
}

/** Finds a contract in the project by its type, or plans a new one with one field. */
export async function planContract(
  project: Project,
  type: string,
  { topic, field, from }: { topic: string; field: string; from?: string | undefined },
): Promise<ContractPlan> {
  checkContract(type, topic);
  const among =
    from === undefined ? project.contracts : project.contracts.filter(({ path }) => path === from);
  const found = findContract(among, type);
  if (found) {
    const contract = await loadContract(project.folder, found);
    const schema = contract && jsonSchemaOf(contract);
    const sample = schema && sampleOf(schema);
    const result = contract && (await contract.schema["~standard"].validate(sample));
    return {
      type,
      binding: found.binding,
      path: found.path,
      fifo: isFifo(contract?.topic ?? found.topic ?? topic),
      sample: result && !result.issues && isRecord(sample) ? sample : undefined,
      schema,
      file: undefined,
    };
  }
  if (from !== undefined) {
    const known = project.contracts.map((one) => `${one.type} in ${one.path}`).join(", ") || "none";
    throw new ScaffoldError(
      "contract-missing",
      `${from} exports no contract of type ${type}; found in this project: ${known}. Leave --contract out to write a new one`,
    );
  }
  const binding = bindingOf(type);
  const path = `${project.folders.contracts}/${fileNameOf(type)}.ts`;
  const words = { "stock.locked": type, stockLocked: binding, stocks: topic, orderId: field };
  const text = fillIn(templateText("handlers/contracts/stock-locked.ts"), words).replace(
    /^\/\*\* .* \*\/$/m,
    () => `/** ${type}: what has happened, and what its data means. Those who consume it read this. */`,
  );
  return {
    type,
    binding,
    path,
    fifo: isFifo(topic),
    sample: { [field]: `${field}-1` },
    schema: { type: "object", properties: { [field]: { type: "string" } }, required: [field] },
    file: { path, text },
  };
}

/** The topic of a new contract that names none. */
export const defaultTopic = topicOf;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
