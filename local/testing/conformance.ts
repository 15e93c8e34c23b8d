/**
 * One promise of a port, as a check that any test runner can run: it resolves when the promise is kept and throws
 * when it is not.
 */
export interface ConformanceCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}
