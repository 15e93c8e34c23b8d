import type { OpenReplays } from "../ops/replay/index.ts";
import type { Target } from "../ops/target.ts";
import { systemClock } from "../src/clock.ts";
import type { ReplayStore } from "../src/replay/index.ts";
import { loadOps } from "./load-ops.ts";
import { type OpenCloud, withCloud } from "./open-cloud.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** The replays of one bus. */
export interface BusReplays {
  readonly target: Target;
  readonly cloud: OpenCloud;
  readonly bus: string;
  readonly store: ReplayStore;
  readonly replays: OpenReplays;
}

/** Says which account and endpoint a command goes to, then runs it with the replays of a bus: the only one there is unless told. */
export function withReplays<Result>(
  terminal: Pick<Terminal, "say">,
  asked: string | undefined,
  run: (replays: BusReplays) => Promise<Result>,
): Promise<Result> {
  return withCloud(terminal, async (cloud) => {
    const { openReplays } = await loadOps(() => import("../ops/replay/index.ts"));
    const buses = [...new Set((await cloud.consumers(asked)).map(({ bus }) => bus))].sort();
    const [bus, ...more] = buses;
    if (bus === undefined) throw new UsageError("there is no bus here: is it the right account and region?");
    if (more.length > 0)
      throw new UsageError(`there is more than one bus: give --bus, one of ${buses.join(", ")}`);
    const replays = openReplays({ clock: systemClock });
    try {
      return await run({ target: cloud.target, cloud, bus, store: replays.store(bus), replays });
    } finally {
      replays.close();
    }
  });
}
