import { backoffMs } from "../backoff.ts";
import { sleep } from "../clock.ts";
import { describeError } from "../errors.ts";
import type { Place, Reservation } from "../limits/index.ts";
import type { BatchRun } from "./batch-run.ts";
import { isOpen } from "./claim-events.ts";
import type { Delivery, Readable } from "./delivery.ts";
import type { Outcome } from "./outcome.ts";

/** The starts that a batch has reserved. */
export interface StartSlots {
  /** Waits for the moment at which this event may start; answers what becomes of it if there is none. Never rejects. */
  wait(delivery: Delivery, readable: Readable): Promise<Outcome | undefined>;
  /** Gives back what was not used. */
  close(): Promise<void>;
}

/** Batches that were sent away for want of room do not all come back in one moment; what was of one batch does. */
const jitterMs = 1_000;
/** A start that came late is given up and asked for again, so often: behind that is a process that gets no time at all. */
const maxLate = 5;

/** How long a late one waits for others. */
const gatherMs = 5;

const unlimited: StartSlots = { wait: async () => undefined, close: async () => {} };

/**
 * Step 4: reserves a start for every event that is still open, one call for all of them. What gets no start goes back
 * unrun, and no nearer to death. When the limits cannot be asked, nothing starts: a call too many cannot be taken back.
 */
export async function reserveStarts(deliveries: readonly Delivery[], run: BatchRun): Promise<StartSlots> {
  const { limiter, limitAt, clock, deadline, settings } = run;
  const open = deliveries.filter(isOpen);
  if (!limiter || limitAt === "call" || open.length === 0) return unlimited;
  const reservations: Reservation[] = [];
  const places = new Map<Delivery, Place>();

  const unavailable = (delivery: Delivery, error: unknown): Outcome => ({
    kind: "retry",
    reason: "limits-unavailable",
    delayMs: backoffMs(clock, delivery.receives, settings),
    error: describeError(error),
  });
  const chance = clock.random();
  const together = { ...clock, random: () => chance };
  const noRoom = ({ receives }: Delivery, atMs: number): Outcome => ({
    kind: "retry",
    reason: "no-slot",
    // Longer each time: SQS counts the receives of those who wait behind a long queue of one key, and buries them in the end.
    delayMs:
      Math.max(0, atMs - clock.nowMs()) +
      backoffMs(together, receives, { ...settings, firstDelayMs: jitterMs }),
  });
  const reserve = async (some: readonly (readonly [Delivery, Readable])[]) => {
    const reservation = await limiter.reserve(some.map(([, { event }]) => event));
    reservations.push(reservation);
    some.forEach(([delivery], index) => {
      places.set(delivery, reservation.places[index] as Place);
    });
  };

  /** What made one start late has mostly made others late, too: they are asked for together. */
  let late: (readonly [Delivery, Readable])[] = [];
  let asked: Promise<void> | undefined;
  const reserveAgain = (delivery: Delivery, readable: Readable): Promise<void> => {
    late.push([delivery, readable]);
    asked ??= sleep(clock, gatherMs).then(() => {
      const some = late;
      late = [];
      asked = undefined;
      return reserve(some);
    });
    return asked;
  };

  try {
    await reserve(open.map((delivery) => [delivery, delivery.readable]));
  } catch (error) {
    for (const delivery of open) delivery.outcome = unavailable(delivery, error);
    return unlimited;
  }

  return {
    async wait(delivery, readable) {
      for (let tries = 0; tries <= maxLate; tries++) {
        const place = places.get(delivery);
        if (place?.status !== "slot") return noRoom(delivery, place?.atMs ?? clock.nowMs());
        const { slot } = place;
        // Too late for this invocation: another one may have it.
        if (slot.startMs - clock.nowMs() > deadline.remainingMs() - settings.marginMs)
          return noRoom(delivery, slot.startMs);
        const said = await slot.wait(deadline.signal);
        if (said === "start") return undefined;
        if (said === "aborted") return noRoom(delivery, clock.nowMs());
        try {
          await reserveAgain(delivery, readable);
        } catch (error) {
          return unavailable(delivery, error);
        }
      }
      return noRoom(delivery, clock.nowMs());
    },
    async close() {
      await Promise.all(reservations.map((reservation) => reservation.close()));
    },
  };
}
