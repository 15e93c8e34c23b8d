import { dynamodb } from "../limits-of-aws.ts";
import { changeGroup, type GroupStep } from "./change-group.ts";
import { partsOf } from "./message-parts.ts";
import type { ParkedGroup, ParkedMessage, ParkedStore } from "./ports.ts";

/** What became of a step: see `changeGroup`. `group` is the marker afterwards; `undefined` where there is none. */
export type StepResult =
  | { readonly status: "written"; readonly group: ParkedGroup | undefined }
  | { readonly status: "gone" }
  | { readonly status: "lost" };

/** Revisions that others may have written in between before it is given up: one person's release, at most. */
const maxTries = 5;
/** Items and bytes of one transaction, with room for the marker and for what leaves the line. */
const mostParts = Math.floor(dynamodb.transactItems * 0.6);
const mostBytes = dynamodb.transactBytes / 2;

/**
 * Writes what a batch has done to a group, from the marker that it has read. Where that has changed since, it is read
 * again, and the step judged anew. Messages too many or too large for one transaction join in several, in their
 * order. Throws `ParkingError`; what joined until then is known again when it comes again.
 */
export async function applyStep(
  store: ParkedStore,
  read: ParkedGroup | undefined,
  step: GroupStep,
): Promise<StepResult> {
  const [first = [], ...others] = inTransactions(step.joining);
  // While others still join, the line is not empty: its marker stays.
  const steps = [{ ...step, joining: first }, ...others.map((joining) => plainJoin(step, joining))];
  let marker = read;
  for (const one of steps) {
    const result = await applyOne(store, marker, one);
    if (result.status !== "written") return result;
    marker = result.group;
  }
  return { status: "written", group: marker };
}

async function applyOne(
  store: ParkedStore,
  read: ParkedGroup | undefined,
  step: GroupStep,
): Promise<StepResult> {
  let before = read;
  for (let tries = 1; ; tries++) {
    const change = changeGroup(before, step);
    if (change === "nothing") return { status: "written", group: before };
    if (change === "gone" || change === "lost") return { status: change };
    if (await store.change(change)) return { status: "written", group: change.to };
    if (tries === maxTries) return { status: "lost" };
    before = (await store.read(step.consumer, [step.group])).get(step.group);
  }
}

function plainJoin({ consumer, group, nowMs }: GroupStep, joining: readonly ParkedMessage[]): GroupStep {
  return { consumer, group, nowMs, done: [], joining };
}

function inTransactions(messages: readonly ParkedMessage[]): ParkedMessage[][] {
  const chunks: ParkedMessage[][] = [];
  let [current, parts, bytes]: [ParkedMessage[], number, number] = [[], 0, 0];
  for (const message of messages) {
    const texts = partsOf(message);
    const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (current.length > 0 && (parts + texts.length > mostParts || bytes + size > mostBytes)) {
      chunks.push(current);
      [current, parts, bytes] = [[], 0, 0];
    }
    current.push(message);
    parts += texts.length;
    bytes += size;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}
