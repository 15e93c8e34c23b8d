import type { Contract } from "../contract/index.ts";
import type { Limit } from "../limits/index.ts";
import type { Handler, LimitAt, Probe } from "./batch-run.ts";

/** What `consume` was given. */
export interface Consumed {
  readonly contracts: readonly Contract[];
  readonly handler: Handler<Contract>;
  readonly limits: readonly Limit[];
  readonly limitAt: LimitAt;
  readonly probe: Probe | undefined;
}

/** Registered, so that two copies of this package mean the same by it. */
const consumed = Symbol.for("omnibus-aws.consumed");

/** Notes on a function what it was made of. */
export function remember<Lambda extends object>(what: Consumed, lambda: Lambda): Lambda {
  return Object.assign(lambda, { [consumed]: what });
}

/** What a function was made of, so that a test runs the same handler on other parts; `undefined`: not by `consume`. */
export function consumedBy(lambda: object): Consumed | undefined {
  return (lambda as { readonly [consumed]?: Consumed })[consumed];
}
