import { consume } from "../../src/consume/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { balanceMoved } from "./contracts.ts";

/** Writes one step into the book; what the book refuses can never be written as it is. */
export const handler = consume(balanceMoved, async ({ data: { book, index, step } }) => {
  const answer = await fetch(`${book}/steps/${index}/${step}`, { method: "POST" });
  const text = await answer.text();
  if (answer.status === 409) throw new PermanentError(text);
  if (!answer.ok) throw new Error(`the book answered ${answer.status}: ${text}`);
});
