import { systemClock } from "../../src/clock.ts";
import { sqs } from "../../src/limits-of-aws.ts";
import type { LetterLook, LetterQuery } from "./look.ts";
import { type MoveResult, moveResult } from "./move-result.ts";
import { placesOf } from "./places.ts";
import { isSelected } from "./selection.ts";
import { type WalkCounts, type Walked, walkLetters } from "./walk-letters.ts";

/**
 * Deletes dead letters for good. Those that come while it runs stay: nobody has looked at them. `look` is what
 * `lookAtDeadLetters` has found for the same selection.
 */
export async function purgeDeadLetters({
  client,
  consumer,
  look,
  selection = {},
  onProgress,
  waitSeconds,
  signal,
  clock = systemClock,
}: LetterQuery & {
  readonly look: LetterLook;
  readonly onProgress?: (counts: WalkCounts) => void;
}): Promise<MoveResult> {
  const startedAtMs = clock.nowMs();
  const walks: Walked[] = [];
  for (const place of placesOf(consumer, selection.kind)) {
    const found = look.places.find(({ kind }) => kind === place.kind);
    if (found === undefined || found.selected === 0) continue;
    const before = moveResult(look, walks).moved;
    walks.push(
      await walkLetters({
        client,
        place,
        isMeant: (letter) => letter.sentAtMs <= startedAtMs && isSelected(letter, selection),
        act: async (letters) => letters.map(() => true),
        planned: found.unseen === 0 ? found.selected : undefined,
        lanes: 4,
        receive: sqs.batchEntries,
        batch: sqs.batchEntries,
        waitSeconds,
        signal,
        clock,
        onProgress: (counts) => onProgress?.({ ...counts, moved: before + counts.moved }),
      }),
    );
  }
  return moveResult(look, walks);
}
