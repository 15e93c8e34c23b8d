import { type PassedLine, passLine } from "./pass-line.ts";
import type { PassOnParts } from "./pass-on.ts";

/** Lines that are sent side by side: each waits for one call after the other. */
const sideBySide = 8;

/** Sends the lines of some keys, some side by side. Answers what became of each; throws when the outbox did not answer. */
export async function passLines(
  keys: readonly string[],
  parts: PassOnParts,
  terms: { readonly owner: string; readonly deadlineMs: number },
): Promise<ReadonlyMap<string, PassedLine>> {
  const passed = new Map<string, PassedLine>();
  const left = [...keys];
  const work = async () => {
    for (let key = left.shift(); key !== undefined; key = left.shift()) {
      passed.set(key, await passLine(key, parts, terms));
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, keys.length) }, work));
  return passed;
}
