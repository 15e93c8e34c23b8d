import { dataHash, type WireMessage } from "../contract/index.ts";
import { toWire } from "../transaction/index.ts";
import type { AskedWrite } from "./writer.ts";

/** What a handler leaves behind when it returns. `writes`: in mode `transaction`. */
export interface RunResults {
  readonly emits: readonly WireMessage[];
  readonly writes: readonly AskedWrite[];
  /** What the run has come to, in mode `transaction`: stored with the completion. */
  readonly result?: string;
}

/** What a handler has left behind, as a result is made of it. */
interface Collected extends Pick<RunResults, "emits" | "writes"> {
  /** Of each emitted event, whether it was to be delayed. */
  readonly delayed: readonly boolean[];
}

/** As long as the ledger's keys: runs of one event are compared, and not all runs with each other. */
const hexLength = 32;

/**
 * What a run of mode `transaction` has come to, as a hash: equal where it wrote and emitted the same, in the same order. When it was is left
 * out of what it emitted: the events' own time, when a delayed one is due (that it was to be delayed is not left out), and under which day
 * data lies that is too large for a message (its hash stands in the event). `undefined` for what has no canonical form (a lone half of a
 * character): that must keep nobody from committing it.
 */
export function runResult({ emits, delayed, writes }: Collected): string | undefined {
  try {
    return hashOf({ emits, delayed, writes });
  } catch {
    return undefined;
  }
}

function hashOf({ emits, delayed, writes }: Collected): string {
  const emitted = emits.map(({ body, dueMs: _, ...message }, index) => {
    const { time: _time, dataref: _ref, ...event } = JSON.parse(body) as Record<string, unknown>;
    return { ...message, ...(delayed[index] ? { delayed: true } : {}), event };
  });
  // As DynamoDB is sent it: fields that are `undefined` are none.
  const written = JSON.parse(JSON.stringify(toWire(writes.map(({ write }) => write))));
  return dataHash({ emitted, written }).slice(0, hexLength);
}

/** What a shadow run has come to whose handler threw. */
export function failedResult(name: string): string {
  return `failed: ${name.slice(0, 100)}`;
}
