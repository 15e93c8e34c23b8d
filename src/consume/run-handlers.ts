import type { BatchRun } from "./batch-run.ts";
import { isOpen } from "./claim-events.ts";
import type { Delivery } from "./delivery.ts";
import { handleEvent } from "./handle-event.ts";
import { heldBack, heldNow } from "./hold-back.ts";
import { waitFor } from "./pending.ts";
import { settleRepeat } from "./settle-repeat.ts";
import type { StartSlots } from "./start-slots.ts";

/** Deliveries that must go one after the other: a FIFO group, or one event alone. */
type Lane = readonly Delivery[];

/**
 * Step 5: runs the handlers. Lanes side by side up to `parallel`; inside a lane one after the other, until one has to
 * come again. A lane with an event that was taken over waits until all others are done and written down, and then
 * has the process for itself: if it is what killed the last one, nobody else dies with it.
 *
 * Resolves when all lanes are through, or at `deadline.over`, when something may still be running.
 */
export async function runHandlers(
  deliveries: readonly Delivery[],
  run: BatchRun,
  starts: StartSlots,
  settleBatch: () => Promise<void>,
): Promise<void> {
  const lanes = lanesOf(deliveries);
  const alone = lanes.filter((lane) => lane.some(({ takenOver }) => takenOver));
  const together = lanes.filter((lane) => !alone.includes(lane));

  const { alone: byItself = (work: () => Promise<void>) => work() } = run;
  const work = async () => {
    await sideBySide(together, run, starts);
    for (const lane of alone) {
      await settleBatch();
      await byItself(() => runLane(lane, run, starts));
    }
  };
  await Promise.race([work(), run.deadline.over]);
  // What waits behind a handler that does not stop goes back as well.
  for (const delivery of deliveries) {
    if (isOpen(delivery) && !delivery.started) delivery.outcome = unstarted;
  }
}

function lanesOf(deliveries: readonly Delivery[]): readonly Lane[] {
  const lanes: Delivery[][] = [];
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    if (delivery.group === undefined) {
      if (isOpen(delivery)) lanes.push([delivery]);
      continue;
    }
    const lane = groups.get(delivery.group);
    if (lane) {
      lane.push(delivery);
    } else {
      const made = [delivery];
      groups.set(delivery.group, made);
      lanes.push(made);
    }
  }
  return lanes;
}

async function sideBySide(lanes: readonly Lane[], run: BatchRun, starts: StartSlots): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let lane = lanes[next++]; lane; lane = lanes[next++]) await runLane(lane, run, starts);
  };
  await Promise.all(Array.from({ length: Math.min(run.settings.parallel, lanes.length) }, worker));
}

/** The next one of a group starts when the end of the one before is written down: what fails then must stop it, too. */
async function runLane(lane: Lane, run: BatchRun, starts: StartSlots): Promise<void> {
  let stopped = false;
  let parked = false;
  for (const [index, delivery] of lane.entries()) {
    // One before it in the group that is the same event has been decided.
    if (delivery.follows?.outcome) settleRepeat(delivery);
    if (isOpen(delivery)) {
      if (parked) delivery.outcome = { kind: "parked" };
      else if (stopped) delivery.outcome = { kind: "retry", reason: "group-stopped", delayMs: 0 };
      else if (!run.deadline.mayStart()) delivery.outcome = unstarted;
      else if (heldNow(run)) delivery.outcome = heldBack(delivery, run);
      else {
        const refused = await starts.wait(delivery, delivery.readable);
        // The batch may have been given up while it waited.
        if (refused || !isOpen(delivery) || !run.deadline.mayStart()) {
          delivery.outcome ??= refused ?? unstarted;
          stopped = true;
          continue;
        }
        const { completion } = await handleEvent(delivery, delivery.readable, run);
        // In mode `transaction` each has a transaction of its own: no more of them at once than handlers.
        if (completion && (index < lane.length - 1 || run.transactions)) await waitFor(completion, run);
      }
    } else if (delivery.sending && index < lane.length - 1) {
      await waitFor(delivery.sending, run);
    }
    stopped ||= delivery.outcome?.kind === "retry";
    parked ||= run.parkedStore !== undefined && delivery.outcome?.kind === "dead";
  }
}

/** Too little time is left: it goes back unrun, at once. */
const unstarted = { kind: "retry", reason: "no-time", delayMs: 0 } as const;
