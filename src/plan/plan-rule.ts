/**
 * A number that cannot work. `bus plan` tells of it, and at synth it is a guard. Ids are those of docs/guards.md.
 */
export interface PlanRule<Facts> {
  readonly id: string;
  /** What would happen. */
  readonly reason: string;
  /** What to do. */
  readonly fix: string;
  /** Where AWS says so. */
  readonly link: string;
  /** What was wrong, with the arithmetic; `undefined` when all is well. */
  check(facts: Facts): string | undefined;
}
