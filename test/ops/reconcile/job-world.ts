import type { JobCalls } from "../../../ops/reconcile/index.ts";
import { deployedWorld, settings } from "../../reconcile/deployed/deployed-world.ts";

/** A deployed job in memory, and a cloud in which it is the only one, or one of some. */
export function jobWorld(
  options: Parameters<typeof deployedWorld>[0] = {},
  others: readonly { bus: string; job: string }[] = [],
) {
  const world = deployedWorld(options);
  const own = world.options.settings;
  const handler = world.environment();
  const asked: unknown[] = [];
  const calls: JobCalls = {
    jobs: async () => [own, ...others.map((other) => ({ ...settings, ...other }))],
    deliveries: async () => [],
    ask: (_, request) => {
      asked.push(request);
      const endsMs = world.clock.nowMs() + 300_000;
      return handler({ omnibus: request }, { getRemainingTimeInMillis: () => endsMs - world.clock.nowMs() });
    },
    store: () => world.store,
    repairs: () => world.repairs,
    objects: () => world.objects,
  };
  return { ...world, calls, asked, job: own };
}
