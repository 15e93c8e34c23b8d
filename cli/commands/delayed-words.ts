import type { DelayedList, DelayedLook, FoundDelay } from "../../ops/delayed/index.ts";
import type { Target } from "../../ops/target.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import { progressLine } from "../progress-line.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Runs a command with the buses of a cloud that delay, or that of one name. Throws `UsageError` where there is none. */
export function withDelays<Result>(
  terminal: Terminal,
  bus: string | undefined,
  run: (buses: readonly FoundDelay[], target: Target) => Promise<Result>,
): Promise<Result> {
  return withCloud(terminal, async ({ target }) => {
    const { openDelayed } = await loadOps(() => import("../../ops/delayed/index.ts"));
    const open = openDelayed();
    try {
      const found = await open.list(bus);
      if (found.length === 0) {
        const where = bus === undefined ? "no bus here delays" : `no bus ${JSON.stringify(bus)} here delays`;
        throw new UsageError(`${where}: none has a delayer (new EventBus(…, { delay: true }) deploys one)`);
      }
      return await run(found, target);
    } finally {
      open.close();
    }
  });
}

/** What waits in a bus's schedules, with a progress line while they are read. */
export async function readDelayed(
  terminal: Terminal,
  bus: FoundDelay,
  isWanted?: (message: { readonly id: string }) => boolean,
): Promise<DelayedList> {
  const { listDelayed } = await loadOps(() => import("../../ops/delayed/index.ts"));
  const progress = progressLine(terminal);
  try {
    return await listDelayed(bus, {
      ...(isWanted === undefined ? {} : { isWanted }),
      onRead: (schedules) => progress.show(`${bus.bus}: ${schedules} schedules read`),
    });
  } finally {
    progress.end();
  }
}

/** What is told of an event as JSON: without its data. */
export function delayedJson({ message: _, dueMs, ...look }: DelayedLook) {
  return { ...look, due: new Date(dueMs).toISOString() };
}

/** The one bus that a change is for. Throws `UsageError` when there are several. */
export function onlyBus(buses: readonly FoundDelay[]): FoundDelay {
  const [one, ...more] = buses;
  if (one && more.length === 0) return one;
  throw new UsageError(`several buses delay here (${buses.map(({ bus }) => bus).join(", ")}): give --bus`);
}
