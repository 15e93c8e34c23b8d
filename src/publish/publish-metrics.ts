import type { Clock } from "../clock.ts";
import type { WireMessage } from "../contract/index.ts";
import { emitMetrics, type Sink } from "../telemetry/index.ts";
import type { SendResult } from "./ports.ts";

/** A busy publisher writes its counts this often; an idle one as soon as nothing is left. */
const everyMs = 1_000;

/** Counts what was published, and writes it as one metrics line per topic. */
export interface PublishMetrics {
  count(message: WireMessage, result: SendResult): void;
  /** To be called after each batch: writes when there is something to write and it is time. */
  write(idle: boolean): void;
}

/** Makes the count. It sets no timer: it writes on the way, so that a function frozen after its answer loses none. */
export function createPublishMetrics(bus: string, clock: Clock, sink: Sink): PublishMetrics {
  const counts = new Map<string, { Published: number; PublishFailed: number }>();
  let writtenMs = clock.nowMs();
  return {
    count({ topic }, { ok }) {
      let of = counts.get(topic);
      if (!of) {
        of = { Published: 0, PublishFailed: 0 };
        counts.set(topic, of);
      }
      if (ok) of.Published++;
      else of.PublishFailed++;
    },
    write(idle) {
      const timeMs = clock.nowMs();
      if (counts.size === 0 || (!idle && timeMs - writtenMs < everyMs)) return;
      writtenMs = timeMs;
      for (const [topic, { Published, PublishFailed }] of counts) {
        const values = { Published, ...(PublishFailed > 0 ? { PublishFailed } : {}) };
        emitMetrics({ dimensions: { Bus: bus, Topic: topic }, timeMs, values, sink });
      }
      counts.clear();
    },
  };
}
