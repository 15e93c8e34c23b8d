import type { MoveResult, WalkCounts } from "../../ops/dead-letters/index.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { oneLine } from "../columns.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { spanText } from "../span-text.ts";

/** Reasons that are told; the rest are counted. */
const toldErrors = 5;

/** Tells of each step how far it is, how fast, and how long it will take. */
export function trackMoves(
  planned: number,
  show: (text: string) => void,
  clock: Clock = systemClock,
): (counts: WalkCounts) => void {
  const startedAtMs = clock.nowMs();
  return ({ moved, failed, undeleted }) => {
    const seconds = Math.max(0.001, (clock.nowMs() - startedAtMs) / 1_000);
    const finished = moved + failed + undeleted;
    const left = Math.max(0, planned - finished);
    const eta = left > 0 ? `  ETA ${spanText((left * seconds * 1_000) / Math.max(1, finished))}` : "";
    show(
      `moved ${moved} of ${Math.max(planned, finished)}  failed ${failed}  left ${left}  ${Math.round(finished / seconds)}/s${eta}`,
    );
  };
}

/** What became of them, for people. */
export function moveText(
  verb: string,
  { moved, failed, undeleted, left, unseen, errors }: MoveResult,
): string {
  return [
    `${verb} ${moved}, failed ${failed}, left ${left}`,
    ...(undeleted > 0
      ? [
          `${undeleted} of them are still dead letters, as SQS did not delete them: the next run sends them again`,
        ]
      : []),
    ...(unseen > 0
      ? [`${unseen} more were not to be seen: somebody else has received them, or they died since`]
      : []),
    ...errors.slice(0, toldErrors).map(({ message, count }) => `  ${count} ×  ${oneLine(message)}`),
    ...(errors.length > toldErrors ? [`  and ${errors.length - toldErrors} other reasons`] : []),
  ].join("\n");
}

/** Done when nothing is left of what was meant. */
export function moveCode({ moved, failed, undeleted, left, unseen }: MoveResult): ExitCode {
  if (failed + undeleted + left + unseen === 0) return exitCodes.done;
  return moved === 0 && failed > 0 ? exitCodes.failed : exitCodes.partial;
}
