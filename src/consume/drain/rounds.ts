/** Batches that one run of a drainer handles side by side. */
export interface Rounds {
  /** Events in hand. */
  readonly events: number;
  /** Whether one of them has to have the process for itself: none may begin. */
  readonly isClosed: boolean;
  /** Begins one. `work` is given what runs a part of it alone: when nothing of any other batch runs. It must not reject. */
  begin(events: number, work: (alone: Alone) => Promise<void>): void;
  /** Resolves when one of them ends; at once where there is none. */
  next(): Promise<void>;
  /** Resolves when all have ended. */
  idle(): Promise<void>;
}

/** Runs work when nothing else of this process does. A batch that ends before its turn has come does not get it. */
export type Alone = (work: () => Promise<void>) => Promise<void>;

interface Round {
  state: "beside others" | "waiting" | "alone";
  take: () => void;
}

/** Makes `Rounds` without any. */
export function createRounds(): Rounds {
  const running = new Map<Round, Promise<void>>();
  let events = 0;

  const giveTurn = () => {
    const all = [...running.keys()];
    if (all.some(({ state }) => state !== "waiting")) return;
    const [next] = all;
    if (!next) return;
    next.state = "alone";
    next.take();
  };
  const aloneOf =
    (round: Round): Alone =>
    async (work) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      round.take = resolve;
      round.state = "waiting";
      giveTurn();
      await promise;
      try {
        await work();
      } finally {
        round.state = "beside others";
        giveTurn();
      }
    };

  return {
    get events() {
      return events;
    },
    get isClosed() {
      return [...running.keys()].some(({ state }) => state !== "beside others");
    },
    begin(count, work) {
      const round: Round = { state: "beside others", take: () => {} };
      events += count;
      // Before its work begins, which may ask for its turn at once.
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(round, promise);
      void work(aloneOf(round)).finally(() => {
        events -= count;
        running.delete(round);
        giveTurn();
        resolve();
      });
    },
    next: () => (running.size === 0 ? Promise.resolve() : Promise.race(running.values())),
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
