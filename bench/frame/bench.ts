import type { Figures } from "./interleave.ts";

/** One comparison: who takes part, and what one run of one of them shows. */
export interface Bench<Name extends string = string> {
  readonly contenders: readonly Name[];
  /** Packages whose versions belong to the figures. */
  readonly packages: readonly string[];
  /** How much work one run does, in the bench's own unit. */
  readonly size: number;
  /** Runs one contender in fresh processes. */
  run(name: Name, size: number): Promise<Figures>;
  /** Told once, after the last run: what the comparison keeps open between runs ends here. */
  close?(): Promise<void>;
}
