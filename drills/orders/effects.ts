import type { AttributeValue, BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../../src/clock.ts";
import { defaultStatements } from "../../src/ledger/index.ts";
import { dynamodb } from "../../src/limits-of-aws.ts";
import { variable } from "../frame/variable.ts";

/** One effect: `pk` is the handler's `ctx.effectKey`, the rest is what was done. */
export interface Effect {
  readonly pk: string;
  readonly [field: string]: string | number;
}

/** A table of effects, each written at most once. */
export interface EffectsTable {
  /**
   * Writes an effect unless its key is there already: a handler that was killed after its effect may run again, and
   * the effect still counts once. Effects put side by side go in one request. Throws what went wrong with this one.
   */
  put(effect: Effect): Promise<void>;
}

/** Sends statements; answers one error or `undefined` per statement, in the same order. Throws when none was run. */
export type RunStatements = (
  statements: readonly BatchStatementRequest[],
) => Promise<readonly ({ readonly code: string; readonly message: string } | undefined)[]>;

interface Waiting {
  readonly effect: Effect;
  readonly written: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * The effects table of this function. The handlers of one batch put theirs within the same moment, so one request
 * carries them all: requests, not bytes, are what a table's throughput is made of.
 *
 * @param lingerMs How long the first effect waits for others. @default 1: handlers of a batch start together
 */
export function effectsTable({
  table = variable("EFFECTS_TABLE"),
  run = dynamoStatements(),
  clock = systemClock,
  lingerMs = 1,
}: {
  readonly table?: string | undefined;
  readonly run?: RunStatements;
  readonly clock?: Clock;
  readonly lingerMs?: number;
} = {}): EffectsTable {
  if (!table)
    throw new Error("EFFECTS_TABLE is not set: the stack names the table in the function's environment");
  let waiting = new Map<string, Waiting>();

  const commit = async () => {
    const batch = [...waiting.values()];
    waiting = new Map();
    if (batch.length === 0) return;
    try {
      const errors = await run(batch.map(({ effect }) => insert(table, effect)));
      batch.forEach((one, index) => {
        const error = errors[index];
        if (!error || error.code === "DuplicateItem") one.resolve();
        else one.reject(new Error(`effect ${one.effect.pk} was not written to ${table}: ${error.message}`));
      });
    } catch (cause) {
      for (const one of batch) one.reject(new Error(`no effect could be written to ${table}`, { cause }));
    }
  };

  return {
    put(effect) {
      // The same key twice in one request would have the whole request refused.
      const same = waiting.get(effect.pk);
      if (same) return same.written;
      if (waiting.size === 0) clock.after(lingerMs, () => void commit());
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.set(effect.pk, { effect, written: promise, resolve, reject });
      if (waiting.size >= dynamodb.batchStatements) void commit();
      return promise;
    },
  };
}

function insert(table: string, effect: Effect): BatchStatementRequest {
  const fields = Object.keys(effect);
  return {
    Statement: `INSERT INTO "${table}" VALUE {${fields.map((field) => `'${field}': ?`).join(", ")}}`,
    Parameters: fields.map((field): AttributeValue => {
      const value = effect[field];
      return typeof value === "number" ? { N: String(value) } : { S: String(value) };
    }),
  };
}

/** Statements as the ledger runs its own. */
export function dynamoStatements(execute = defaultStatements()): RunStatements {
  return async (statements) => {
    const responses = await execute(statements);
    return statements.map((_, index) => {
      const error = responses[index]?.Error;
      return (
        error && { code: error.Code ?? "Unknown", message: error.Message ?? error.Code ?? "no reason given" }
      );
    });
  };
}
