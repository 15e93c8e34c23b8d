import type { FetchProgress } from "../ops/query/index.ts";
import { type Clock, systemClock } from "../src/clock.ts";
import { progressLine } from "./progress-line.ts";
import { spanText } from "./span-text.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how far fetching is, and how long it will take at this pace. */
export function fetchProgress(
  terminal: Pick<Terminal, "say" | "draw" | "screen">,
  clock: Clock = systemClock,
): { show(progress: FetchProgress): void; end(): void } {
  const line = progressLine(terminal, clock);
  const startMs = clock.nowMs();
  return {
    show({ objects, allObjects, cached, fetchedBytes }) {
      const fetched = objects - cached;
      const perObjectMs = fetched === 0 ? 0 : (clock.nowMs() - startMs) / fetched;
      const leftMs = (allObjects - objects) * perObjectMs;
      const left = leftMs < 1_000 ? "" : `, about ${spanText(leftMs)} left`;
      line.show(`fetching: ${objects} of ${allObjects} objects, ${bytesText(fetchedBytes)}${left}`);
    },
    end: () => line.end(),
  };
}

const units = ["B", "kB", "MB", "GB", "TB"];

/** Bytes for people, by thousands. */
export function bytesText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
