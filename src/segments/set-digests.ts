import { type DigestSum, digestSum, entryText } from "../digest/index.ts";
import type { Line } from "./line.ts";
import type { SetDigests } from "./sidecar.ts";

/** More sets than this in a segment are not worth their room. */
const maxSets = 256;

/** Digests in the making: lines come one by one. */
export interface SetSums {
  add(line: Line, grain: number): void;
  /** `undefined` when there were too many sets. */
  digests(): readonly SetDigests[] | undefined;
}

/** Makes the `SetSums` of nothing. */
export function setSums(): SetSums {
  const sets = new Map<string, Map<number, DigestSum>>();
  return {
    add({ entry }, grain) {
      if (!entry || sets.size > maxSets) return;
      let grains = sets.get(entry.set);
      if (!grains) {
        grains = new Map();
        sets.set(entry.set, grains);
      }
      let sum = grains.get(grain);
      if (!sum) {
        sum = digestSum();
        grains.set(grain, sum);
      }
      sum.addText(entryText(entry.key, grain, entry.fields));
    },
    digests() {
      if (sets.size > maxSets) return undefined;
      const sorted = [...sets].sort(([one], [other]) => (one < other ? -1 : 1));
      return sorted.map(([set, grains]) => ({
        set: JSON.parse(set) as unknown,
        digests: [...grains]
          .sort(([one], [other]) => one - other)
          .map(([grain, sum]) => {
            const { count, sum: text } = sum.digest();
            return [grain, count, text] as const;
          }),
      }));
    },
  };
}
