import type { Mapping } from "../../local/mapping/index.ts";
import type { InMemoryHolds } from "../../src/breaker/index.ts";
import type { Clock } from "../../src/clock.ts";
import { govern, inMemoryMappings, type Probes } from "../../src/governor/index.ts";
import { inMemoryLeases } from "../../src/leases/index.ts";
import { bus, consumer } from "./names.ts";
import { maximumConcurrency } from "./start-charging.ts";

/** AWS takes about so long to turn a mapping. */
const settleMs = 20_000;
const timeoutMs = 300_000;

/** Governs the drill's consumer in virtual time: invoked every minute, and a second after a hold was written. */
export function startVirtualGovernor({
  clock,
  holds,
  mapping,
  probes,
}: {
  readonly clock: Clock;
  readonly holds: InMemoryHolds;
  readonly mapping: Mapping;
  readonly probes: Probes;
}): { stop(): void } {
  const mappings = inMemoryMappings(
    [
      {
        consumer: consumer.name,
        queue: consumer.queueName,
        maximumConcurrency,
        onChange: (now) => mapping.update(now),
      },
    ],
    { clock, settleMs },
  );
  const parts = {
    bus,
    ...{ holds, mappings, probes, clock },
    leases: inMemoryLeases({ clock }),
    inFlight: async () => 0,
    sink: () => {},
  };
  let stopped = false;
  const invoke = (standbyMs: number) => {
    const endsMs = clock.nowMs() + timeoutMs;
    if (!stopped) void govern(parts, { remainingMs: () => endsMs - clock.nowMs(), standbyMs });
  };
  const everyMinute = () => {
    if (stopped) return;
    invoke(65_000);
    clock.after(60_000, everyMinute);
  };
  everyMinute();
  const leave = holds.onWrite((_, writer) => {
    if (writer !== "governor") clock.after(1_000, () => invoke(15_000));
  });
  return {
    stop() {
      stopped = true;
      leave();
    },
  };
}
