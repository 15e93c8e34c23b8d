import type { FoundOutbox, Standing } from "../../ops/outbox/index.ts";
import type { Target } from "../../ops/target.ts";
import { systemClock } from "../../src/clock.ts";
import { loadOps } from "../load-ops.ts";
import { withCloud } from "../open-cloud.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** An outbox, and what stands in it. */
export interface LookedAt extends FoundOutbox {
  readonly standing: readonly Standing[];
}

/** Runs a command with the outboxes of a cloud, or that of one bus, looked at. Throws `UsageError` where there is none. */
export function withOutboxes<Result>(
  terminal: Terminal,
  bus: string | undefined,
  run: (outboxes: readonly LookedAt[], target: Target) => Promise<Result>,
): Promise<Result> {
  return withCloud(terminal, async ({ target }) => {
    const { lookAtOutbox, openOutboxes } = await loadOps(() => import("../../ops/outbox/index.ts"));
    const open = openOutboxes();
    try {
      const found = await open.list(bus);
      if (found.length === 0) {
        const where = bus === undefined ? "here" : `at a bus ${JSON.stringify(bus)}`;
        throw new UsageError(`there is no outbox ${where}: none has a relay (new Outbox(…) deploys one)`);
      }
      const outboxes: LookedAt[] = [];
      for (const one of found) {
        const { graceMs } = one.settings;
        const standing = await lookAtOutbox(one.store, { graceMs, nowMs: systemClock.nowMs() });
        outboxes.push({ ...one, standing });
      }
      return await run(outboxes, target);
    } finally {
      open.close();
    }
  });
}

/** The one outbox that a change is for. Throws `UsageError` when there are several. */
export function onlyOne(outboxes: readonly LookedAt[]): LookedAt {
  const [one, ...more] = outboxes;
  if (one && more.length === 0) return one;
  throw new UsageError(
    `there are several outboxes (${outboxes.map(({ settings }) => settings.bus).join(", ")}): give --bus`,
  );
}

/** What is told of an outbox as JSON. */
export function outboxJson({ settings: { bus, table }, standing }: LookedAt) {
  return { bus, table, standing };
}

/** Throws `UsageError` unless either a name or all was given. */
export function checkChoice({
  name,
  all,
}: {
  readonly name: string | undefined;
  readonly all: boolean;
}): void {
  if (all === (name !== undefined)) {
    throw new UsageError("give one event or key, as bus outbox list shows it, or --all");
  }
}
