import type { GroupChange, LineEntry, ParkedGroup, ParkedMessage, Poison } from "./ports.ts";

/** So many message ids are remembered: twice what one batch of an ordered queue brings. */
const remembered = 20;

/** What a batch has done to one group. */
export interface GroupStep {
  readonly consumer: string;
  readonly group: string;
  readonly nowMs: number;
  /** The release under which the head of the line was handled in this batch; nothing where it was not touched. */
  readonly release?: string | undefined;
  /** What of it leaves the line, from its head on. */
  readonly done: readonly LineEntry[];
  /** What died: the group stays (or is from now on) parked behind it. In a release, at the head once `done` has left. */
  readonly poison?: Poison | undefined;
  /** What joins the line, in order. Where the group was not parked before, the first one holds the poison. */
  readonly joining: readonly ParkedMessage[];
}

/**
 * What a step makes of a marker: the change to be written, or why there is none.
 * - `nothing`: it is as it should be already.
 * - `gone`: the group is not parked (any more); what would join is to be handled, when it comes again.
 * - `lost`: another release has begun, or this one was stopped: what was done under it leaves the line later.
 */
export function changeGroup(
  before: ParkedGroup | undefined,
  step: GroupStep,
): GroupChange | "nothing" | "gone" | "lost" {
  if (!before) return step.release === undefined && step.poison ? parkAnew(step, step.poison) : nobody(step);
  const { consumer, group, release, poison, done } = step;
  const isOurs = release !== undefined && before.release?.id === release;
  if (release !== undefined && !isOurs && (done.length > 0 || poison)) return "lost";
  const joining = step.joining.filter(({ messageId }) => !before.recent.includes(messageId));
  const leaving = done.filter(({ place }) => place >= before.first);
  const first = before.first + leaving.length;
  const tail = before.tail + joining.length;
  const stopped = isOurs && poison !== undefined;
  // A group that waits behind another poison already goes on waiting behind that one.
  const again = !isOurs && poison !== undefined && poison.key === before.poison.key && !before.release;
  const emptied = isOurs && !stopped && first > tail;
  if (leaving.length + joining.length === 0 && !stopped && !again && !emptied) return "nothing";
  const to: ParkedGroup = {
    ...before,
    revision: before.revision + 1,
    first,
    tail,
    ...(stopped || again ? { poison } : {}),
    ...(stopped ? { release: undefined } : {}),
    recent: [...before.recent, ...joining.map(({ messageId }) => messageId)].slice(-remembered),
  };
  return {
    consumer,
    group,
    from: before.revision,
    to: emptied ? undefined : to,
    put: joining.map((message, index) => ({ place: before.tail + 1 + index, message })),
    remove: leaving,
  };
}

function parkAnew({ consumer, group, nowMs, joining }: GroupStep, poison: Poison): GroupChange {
  const to: ParkedGroup = {
    consumer,
    group,
    revision: 1,
    first: 1,
    tail: joining.length,
    sinceMs: nowMs,
    poison,
    recent: joining.map(({ messageId }) => messageId).slice(-remembered),
    release: undefined,
  };
  const put = joining.map((message, index) => ({ place: 1 + index, message }));
  return { consumer, group, from: 0, to, put, remove: [] };
}

/** There is no marker, and no reason to make one. */
function nobody({ done, poison, joining }: GroupStep): "nothing" | "gone" {
  return done.length + joining.length === 0 && !poison ? "nothing" : "gone";
}
