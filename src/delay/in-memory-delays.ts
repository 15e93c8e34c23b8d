import type { Clock } from "../clock.ts";
import type { DelayQueue, DelaySchedules, DelayState, DelayStates, KeptSchedules } from "./ports.ts";

/** Queue, decisions and schedules of delayed events in this process's memory, on its clock. */
export interface InMemoryDelays {
  readonly queue: DelayQueue;
  readonly states: DelayStates;
  readonly schedules: DelaySchedules;
  readonly kept: KeptSchedules;
  /** Messages that wait, in the queue and in schedules. */
  readonly waiting: number;
  /** The names of schedules that wait. */
  readonly scheduled: readonly string[];
  /** Sets who is handed each message that is due; one that rejects is handed it again. */
  receive(receiver: (body: string) => Promise<void>): void;
}

/** A message that was not taken is hidden for so long. */
const hiddenMs = 30_000;

/** Makes an `InMemoryDelays`: nothing is kept when the process ends. */
export function inMemoryDelays({ clock }: { readonly clock: Clock }): InMemoryDelays {
  const states = new Map<string, DelayState>();
  const scheduled = new Map<string, { readonly body: string; readonly cancel: () => void }>();
  let receiver: (body: string) => Promise<void> = async () => {};
  let waiting = 0;
  let ids = 0;

  const later = (body: string, delayMs: number) => {
    waiting++;
    clock.after(delayMs, () => {
      // Counted until it was taken: it may put another message in its place.
      const taken = () => {
        waiting--;
      };
      receiver(body).then(taken, () => {
        waiting--;
        later(body, hiddenMs);
      });
    });
  };

  return {
    get waiting() {
      return waiting;
    },
    get scheduled() {
      return [...scheduled.keys()];
    },
    receive(given) {
      receiver = given;
    },
    queue: {
      async send(body, delaySeconds) {
        later(body, delaySeconds * 1_000);
        return `delayed-${++ids}`;
      },
    },
    states: {
      async decide(key, to) {
        const standing = states.get(key) ?? to;
        states.set(key, standing);
        return standing;
      },
      async read(key) {
        return states.get(key);
      },
    },
    schedules: {
      async put(name, atMs, body) {
        if (scheduled.has(name)) return;
        waiting++;
        const cancel = clock.after(Math.ceil(atMs / 1_000) * 1_000 - clock.nowMs(), () => {
          waiting--;
          scheduled.delete(name);
          later(body, 0);
        });
        scheduled.set(name, { body, cancel });
      },
    },
    kept: {
      async *names(prefix) {
        yield* [...scheduled.keys()].filter((name) => name.startsWith(prefix));
      },
      async read(name) {
        return scheduled.get(name)?.body;
      },
      async remove(name) {
        scheduled.get(name)?.cancel();
        const isThere = scheduled.delete(name);
        if (isThere) waiting--;
        return isThere;
      },
    },
  };
}
