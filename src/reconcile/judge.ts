import { emptyDigest, sameDigest } from "../digest/index.ts";
import type { CompareOptions, Finding } from "./comparison.ts";
import { classify } from "./difference.ts";
import { type Listed, listWindow } from "./list-window.ts";
import type { Node } from "./look-into.ts";
import { lookUp, type Sides } from "./look-up.ts";
import type { Window } from "./ports.ts";
import { SourceFault } from "./source-fault.ts";

/** Keys in one lookup. */
const keysAtOnce = 100;
/** Keys that are remembered, so that none is reported twice: it lies in two windows when its entries lie in two spans. */
const keysRemembered = 100_000;

/** Makes the last step of a comparison: lists windows, and looks every key up that the lists disagree about. */
export function judge(
  sides: Sides,
  {
    spanMs,
    lateAfterMs,
    settledBeforeMs,
    futureMs = Number.POSITIVE_INFINITY,
    maxListed = 10_000,
  }: CompareOptions,
): (leaves: readonly Node[]) => AsyncGenerator<Finding> {
  const isNew = rememberingLast(keysRemembered);
  const listed = ({ window, left, right }: Node) =>
    Promise.all([
      listWindow(sides.left, window, left, { spanMs, maxListed }),
      listWindow(sides.right, window, right, { spanMs, maxListed }),
    ]);

  return async function* (leaves) {
    const suspects: { readonly key: string; readonly seenMs: number; readonly window: Window }[] = [];
    const lists = await Promise.allSettled(leaves.map(listed));
    for (const [index, { window }] of leaves.entries()) {
      const answer = lists[index];
      if (answer?.status === "fulfilled") {
        for (const { key, seenMs } of keysThatDiffer(...answer.value)) suspects.push({ key, seenMs, window });
      } else if (answer?.reason instanceof SourceFault) yield { unknown: window, fault: answer.reason };
      else throw answer?.reason;
    }
    for (let at = 0; at < suspects.length; at += keysAtOnce) {
      const some = suspects.slice(at, at + keysAtOnce);
      const found = await lookUp(sides, some, { futureMs });
      for (const [index, { key, window }] of some.entries()) {
        const entries = found[index];
        if (entries instanceof SourceFault) yield { unknown: window, fault: entries };
        if (!entries || entries instanceof SourceFault) continue;
        const { left, right, underWay } = entries;
        // Whether it differs or not: more of it may come, and change that.
        if ([...left, ...right].some(({ timeMs }) => timeMs >= settledBeforeMs)) {
          yield { underWay: window };
          continue;
        }
        const difference = classify(key, left, right, { lateAfterMs });
        if (difference && underWay !== undefined) yield { underWay: window };
        else if (difference && isNew(key)) yield { difference };
      }
    }
  };
}

function keysThatDiffer(left: Listed, right: Listed) {
  const digest = (all: Listed, key: string) => all.get(key)?.digest ?? emptyDigest;
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys
    .filter((key) => !sameDigest(digest(left, key), digest(right, key)))
    .map((key) => ({ key, seenMs: (left.get(key) ?? right.get(key))?.seenMs ?? 0 }));
}

/** Says whether a key is a new one, as far as the last so many are remembered. */
function rememberingLast(count: number): (key: string) => boolean {
  const known = new Set<string>();
  return (key) => {
    if (known.has(key)) return false;
    known.add(key);
    const [oldest] = known.size > count ? known : [];
    if (oldest !== undefined) known.delete(oldest);
    return true;
  };
}
