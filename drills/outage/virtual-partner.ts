import { type Clock, sleep } from "../../src/clock.ts";
import { type BookLine, createBooks } from "./books.ts";

/** What a call takes. */
const latencyMs = 20;

/** The payment partner as a model in virtual time; the books are the same as the real one's. */
export interface VirtualPartner {
  /** Resolves when it has paid, and told so; rejects while it is down. */
  pay(order: number, cents: number, key: string): Promise<void>;
  readonly lines: readonly BookLine[];
}

/** Makes a `VirtualPartner` that goes down at a moment: for `takesMs` it pays and does not answer, then refuses. */
export function virtualPartner({
  clock,
  downAtMs,
  downMs,
  takesMs,
}: {
  readonly clock: Clock;
  readonly downAtMs: number;
  readonly downMs: number;
  readonly takesMs: number;
}): VirtualPartner {
  const lines: BookLine[] = [];
  const books = createBooks((line) => lines.push(line));
  let state: "up" | "mute" | "gone" = "up";
  const now = () => state;
  const at = (atMs: number, turn: () => void) => clock.after(Math.max(0, atMs - clock.nowMs()), turn);
  at(downAtMs, () => {
    state = "mute";
    books.turn("down", clock.nowMs());
  });
  at(downAtMs + takesMs, () => {
    state = "gone";
  });
  at(downAtMs + downMs, () => {
    state = "up";
    books.turn("up", clock.nowMs());
  });

  return {
    lines,
    async pay(order, cents, key) {
      if (now() === "gone") throw new Error("connect ECONNREFUSED");
      await sleep(clock, latencyMs);
      const unanswered = now() !== "up";
      // What is on its way when it goes is not even read.
      if (now() !== "gone") books.pay(order, cents, key, clock.nowMs(), { unanswered });
      if (unanswered) throw new Error("socket hang up");
    },
  };
}
