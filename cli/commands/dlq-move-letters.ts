import type {
  LetterLook,
  LetterQuery,
  MoveResult,
  Selection,
  WalkCounts,
} from "../../ops/dead-letters/index.ts";
import type { ConsumerRef } from "../../ops/find-consumers.ts";
import { systemClock } from "../../src/clock.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { groupsText, lookText } from "../letters-text.ts";
import type { OpenCloud } from "../open-cloud.ts";
import { progressLine } from "../progress-line.ts";
import type { Terminal } from "../terminal.ts";
import { agreement } from "./dlq-agreement.ts";
import { moveCode, moveText, trackMoves } from "./dlq-moves.ts";

/** What `redrive` and `purge` do alike: look, show, have it agreed to, do it while telling how far it is, sum up. */
export async function moveLetters({
  terminal,
  cloud: { target, sqs: client, waitSeconds },
  consumer,
  selection,
  json,
  yes,
  how,
  expected,
  question,
  done,
  look: lookAt,
  move,
}: {
  readonly terminal: Terminal;
  readonly cloud: OpenCloud;
  readonly consumer: ConsumerRef;
  readonly selection: Selection;
  readonly json: boolean;
  /** Agreed to by options; `how` names them. */
  readonly yes: boolean;
  readonly how: string;
  /** What a person types to agree. */
  readonly expected: string;
  readonly question: (selected: number, name: string) => string;
  /** What was done to those that were moved. */
  readonly done: string;
  readonly look: (query: LetterQuery) => Promise<LetterLook>;
  readonly move: (
    query: LetterQuery & { look: LetterLook; onProgress: (counts: WalkCounts) => void },
  ) => Promise<MoveResult>;
}): Promise<ExitCode> {
  const name = `${consumer.bus}-${consumer.consumer}`;
  const query = { client, consumer, selection, waitSeconds, signal: terminal.signal };
  const look = await lookAt(query);
  const { selected, unseen, groups } = look;
  const plan = selected > 0 ? `\n${groupsText(groups, systemClock.nowMs())}` : "";
  const isNothing = selected + unseen === 0;
  if (isNothing) terminal.say(lookText(name, look));
  const isAgreed =
    !isNothing &&
    !terminal.signal.aborted &&
    (await agreement({
      terminal,
      target,
      plan: `${lookText(name, look)}${plan}`,
      question: question(selected, name),
      expected,
      how,
      yes,
      json,
    }));
  const about = { target, consumer: name, selected, groups };
  if (!isAgreed) {
    if (json) terminal.printJson({ ...about, dryRun: true, unseen });
    return exitCodes.done;
  }
  const line = progressLine(terminal);
  const onProgress = trackMoves(selected, (text) => line.show(text));
  const result = await move({ ...query, look, onProgress }).finally(() => line.end());
  if (json) terminal.printJson({ ...about, dryRun: false, ...result });
  terminal[json ? "say" : "print"](moveText(done, result));
  return moveCode(result);
}
