import type { Contract } from "../contract/index.ts";
import { SettingsError } from "../errors.ts";
import { consumerNamePattern } from "../names.ts";

/** One step of a pipeline: what it takes, what it hands on, and whether what it did can be undone. */
export interface Stage<
  Name extends string = string,
  On extends Contract = Contract,
  Gives extends Contract | undefined = Contract | undefined,
  Compensates extends boolean = boolean,
  Retired extends boolean = boolean,
> {
  /** Its consumer's name. */
  readonly name: Name;
  readonly on: On;
  readonly gives: Gives;
  readonly compensates: Compensates;
  /** How old the event it takes may be when it starts. `undefined`: any age. */
  readonly withinMs: number | undefined;
  readonly retired: Retired;
}

/** What `stage` takes besides its name and what it handles. */
export interface StageOptions<
  Gives extends Contract | undefined,
  Compensates extends boolean,
  Retired extends boolean,
> {
  /** The event it hands on: what the next stage takes. @default none: it is the last one, or others follow by themselves */
  readonly gives?: Gives;
  /** Whether it can undo what it did: its code then has a `compensate`. @default false: there is nothing to undo */
  readonly compensates?: Compensates;
  /**
   * How old the event it takes may be when it starts, from the event's own `time`. An older one is not handled: what the stages before
   * have done is undone. Noticed when the queue hands the event out: no clock runs beside it.
   * @default no limit
   */
  readonly withinMs?: number;
  /**
   * It takes nothing new: the stage before hands on to the one behind it. What is on its way through it gets to its end, and what
   * it has done can still be undone. For the deployments between taking a stage out and deleting it.
   * @default false
   */
  readonly retired?: Retired;
}

/**
 * Declares one stage of a pipeline; its code is `runStage`'s, in a file of its own.
 *
 * Throws `SettingsError` (`stage-name`, `stage-within`) for what cannot be.
 *
 * @example
 * stage("LockStock", riskPassed, { gives: stockLocked, compensates: true, withinMs: 15 * 60_000 });
 */
export function stage<
  const Name extends string,
  On extends Contract,
  Gives extends Contract | undefined = undefined,
  const Compensates extends boolean = false,
  const Retired extends boolean = false,
>(
  name: Name,
  on: On,
  { gives, compensates, withinMs, retired }: StageOptions<Gives, Compensates, Retired> = {},
): Stage<Name, On, NoInfer<Gives>, NoInfer<Compensates>, NoInfer<Retired>> {
  if (!consumerNamePattern.test(name)) {
    throw new SettingsError(
      "stage-name",
      `stage name ${JSON.stringify(name)} is not allowed: it is its consumer's name and must match ${consumerNamePattern}, as in "LockStock"`,
    );
  }
  if (withinMs !== undefined && !(Number.isFinite(withinMs) && withinMs > 0)) {
    throw new SettingsError(
      "stage-within",
      `stage ${name}: withinMs is ${withinMs}; a positive number of milliseconds is allowed, as in 15 * 60_000; leave it out for no limit`,
    );
  }
  return Object.freeze({
    name,
    on,
    gives: gives as Gives,
    compensates: (compensates ?? false) as Compensates,
    withinMs,
    retired: (retired ?? false) as Retired,
  });
}
