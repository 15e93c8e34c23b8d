import { type Clock, systemClock } from "../src/clock.ts";
import type { Terminal } from "./terminal.ts";

const redrawMs = 200;
const plainLineMs = 5_000;

/** One line that tells how far something is. */
export interface ProgressLine {
  /** Shows the line, unless one was shown just now: redrawn in place on a screen, now and then elsewhere. */
  show(text: string): void;
  /** Clears it from the screen. */
  end(): void;
}

/** A progress line on standard error. Its text is ours: never put what comes from outside into it. */
export function progressLine(
  terminal: Pick<Terminal, "say" | "draw" | "screen">,
  clock: Clock = systemClock,
): ProgressLine {
  const { screen } = terminal;
  let shownAtMs = screen ? Number.NEGATIVE_INFINITY : clock.nowMs();
  return {
    show(text) {
      const nowMs = clock.nowMs();
      if (nowMs - shownAtMs < (screen ? redrawMs : plainLineMs)) return;
      shownAtMs = nowMs;
      if (screen) terminal.draw(`\r\u001b[2K${text.slice(0, screen.columns - 1)}`);
      else terminal.say(text);
    },
    end() {
      if (screen) terminal.draw("\r\u001b[2K");
    },
  };
}
