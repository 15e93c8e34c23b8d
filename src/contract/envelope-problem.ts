/** A CloudEvents attribute that is not as it must be. */
export interface EnvelopeProblem {
  readonly field: string;
  readonly message: string;
}
