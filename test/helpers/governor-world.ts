import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import { type Hold, inMemoryHolds, type ProbeAnswer } from "../../src/breaker/index.ts";
import {
  type GovernorEnd,
  type GovernorParts,
  govern,
  type InMemoryMappings,
  inMemoryMappings,
  type ModelledMapping,
} from "../../src/governor/index.ts";
import { inMemoryLeases } from "../../src/leases/index.ts";

/** A bus with a governor on parts in memory, and dependencies that are up or down as a test says. */
export interface GovernorWorld {
  readonly clock: VirtualClock;
  readonly parts: GovernorParts;
  readonly holds: ReturnType<typeof inMemoryHolds>;
  readonly mappings: InMemoryMappings;
  readonly lines: readonly Record<string, unknown>[];
  /** Dependencies that are down now. */
  readonly down: Set<string>;
  /** When each probe reached its consumer, and for what. */
  readonly probed: readonly {
    readonly atMs: number;
    readonly consumer: string;
    readonly dependency: string;
  }[];
  /** Messages in flight of each queue; 0 unless told. */
  readonly inFlight: Map<string, number>;
  /** One invocation. */
  run(options?: {
    parts?: Partial<GovernorParts>;
    remainingMs?: number;
    standbyMs?: number;
  }): Promise<GovernorEnd>;
  /** Invokes a governor every minute, and when somebody else has written; `parts` may differ from one to the next. */
  schedule(partsOf?: (invocation: number) => GovernorParts): () => void;
  /** What a consumer does whose dependency is down. */
  breaks(consumer: string, dependency: string, probe?: Partial<Hold["probe"]>): Promise<void>;
  namesOf(consumer: string): Promise<readonly string[]>;
  /** `Enabled 10`, and the like. */
  stateOf(consumer?: string): string;
}

export function governorWorld({
  consumers = [{ consumer: "Charge", queue: "shop-Charge", maximumConcurrency: 10 }],
  settleMs = 15_000,
  probes = {},
}: {
  consumers?: readonly ModelledMapping[];
  settleMs?: number;
  probes?: Partial<GovernorParts["probes"]>;
} = {}): GovernorWorld {
  const clock = virtualClock();
  const holds = inMemoryHolds();
  const mappings = inMemoryMappings(consumers, { clock, settleMs });
  const lines: Record<string, unknown>[] = [];
  const down = new Set<string>();
  const probed: { atMs: number; consumer: string; dependency: string }[] = [];
  const inFlight = new Map<string, number>();

  const answer = (consumer: string, dependency: string, isDown: string | undefined): ProbeAnswer => {
    probed.push({ atMs: clock.nowMs(), consumer, dependency });
    return isDown === undefined
      ? { verdict: "up" }
      : { verdict: "down", dependency: isDown, why: `${isDown} is down` };
  };
  const parts: GovernorParts = {
    bus: "shop",
    holds,
    leases: inMemoryLeases({ clock }),
    mappings,
    probes: {
      ask: async ({ consumer }, dependency) =>
        answer(consumer, dependency, down.has(dependency) ? dependency : undefined),
      // A handler meets its dependencies in the order in which they went down.
      letThrough: async ({ consumer }, dependency) => answer(consumer, dependency, [...down][0]),
      ...probes,
    },
    inFlight: async (queue) => inFlight.get(queue) ?? 0,
    clock,
    sink: (line) => lines.push(JSON.parse(line)),
  };
  const run: GovernorWorld["run"] = ({ parts: others, remainingMs = 300_000, standbyMs = 65_000 } = {}) => {
    const endsMs = clock.nowMs() + remainingMs;
    return govern({ ...parts, ...others }, { remainingMs: () => endsMs - clock.nowMs(), standbyMs });
  };

  return {
    clock,
    parts,
    holds,
    mappings,
    lines,
    down,
    probed,
    inFlight,
    run,
    schedule(partsOf = () => parts) {
      let invocations = 0;
      let stopped = false;
      const invoke = (standbyMs: number) => {
        if (!stopped) void run({ parts: partsOf(invocations++), standbyMs });
      };
      const tick = (): void => {
        clock.after(60_000, () => {
          invoke(65_000);
          if (!stopped) tick();
        });
      };
      tick();
      const leave = holds.onWrite((_, writer) => {
        if (writer !== "governor") clock.after(1_000, () => invoke(10_000));
      });
      return () => {
        stopped = true;
        leave();
      };
    },
    async breaks(consumer, dependency, probe = {}) {
      down.add(dependency);
      const hold: Hold = {
        name: `breaker:${dependency}`,
        sinceMs: clock.nowMs(),
        why: `${dependency} is down`,
        by: consumer,
        probe: { everyMs: 10_000, own: false, ...probe },
      };
      await holds.open(consumer, hold, "consumer");
    },
    namesOf: async (consumer) => ((await holds.read([consumer]))[0]?.holds ?? []).map(({ name }) => name),
    stateOf(consumer = "Charge") {
      const facts = mappings.facts(consumer);
      return `${facts?.state} ${facts?.maximumConcurrency ?? "unset"}`;
    },
  };
}
