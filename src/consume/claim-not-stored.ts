import { describeError } from "../errors.ts";

/** What a run emits is too large for a message, and the bucket of claims did not take its data: the event comes back, no nearer to death. */
export class ClaimNotStored extends Error {
  constructor(consumer: string, cause: unknown) {
    super(
      `what ${consumer} emits is too large for a message, and its data could not be stored in the bucket of claims: ${describeError(cause).message}`,
      { cause },
    );
    this.name = "ClaimNotStored";
  }
}
