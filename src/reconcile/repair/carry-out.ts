import type { Clock } from "../../clock.ts";
import { describeError } from "../../errors.ts";
import type { Difference } from "../difference.ts";
import { effectKeyOf } from "./content.ts";
import type { How, RepairContext, Repairer } from "./how.ts";

/** A difference that is to be repaired now, and how. */
export interface Repair {
  readonly difference: Difference;
  readonly how: How;
  readonly content: string;
  readonly attempt: number;
}

/** Whether it was carried out, as far as whoever did it says; or why not. */
export type CarriedOut = { readonly ok: true } | { readonly ok: false; readonly message: string };

/**
 * Has differences repaired: their events sent again, all to one consumer, or one by the job's own function. Waits no longer
 * than `withinMs`: what hangs has failed, and whatever it does later is not waited for. Never throws.
 */
export async function carryOut(
  some: readonly Repair[],
  {
    repairer,
    clock,
    withinMs,
    ...context
  }: Pick<RepairContext, "job" | "plan" | "by"> & {
    readonly repairer: Repairer;
    readonly clock: Clock;
    readonly withinMs: number;
  },
): Promise<CarriedOut> {
  const controller = new AbortController();
  const work = async (): Promise<CarriedOut> => {
    const { signal } = controller;
    const [first] = some;
    if (first?.how.do === "call" && repairer.call) {
      const effectKey = effectKeyOf(context.job, first.content);
      await repairer.call(first.difference, { ...context, effectKey, attempt: first.attempt, signal });
      return { ok: true };
    }
    if (first?.how.do === "send" && repairer.send) {
      const sends = some.flatMap(({ difference, how, content }) =>
        how.do === "send" ? [{ ...how, difference, effectKey: effectKeyOf(context.job, content) }] : [],
      );
      await repairer.send(sends, { ...context, signal });
      return { ok: true };
    }
    return { ok: false, message: `the function that is deployed has nothing to ${first?.how.do} with` };
  };
  let cancel = () => {};
  const late = new Promise<CarriedOut>((resolve) => {
    cancel = clock.after(withinMs, () => {
      controller.abort(new Error(`${withinMs} ms are over`));
      resolve({ ok: false, message: `it did not end within ${withinMs} ms` });
    });
  });
  try {
    return await Promise.race([work(), late]);
  } catch (thrown) {
    const { name, message } = describeError(thrown);
    return { ok: false, message: `${name}: ${message}` };
  } finally {
    cancel();
  }
}
