import { writeFileSync } from "node:fs";
import type { Credit } from "./credit-book.ts";

/** Writes bank B's statement of the day: a line for each credit that stands. */
export function writeStatement(file: string, credits: readonly Credit[]): void {
  const lines = credits.map(
    ({ transfer, atMs, cents, customer }) =>
      `${transfer},${new Date(atMs).toISOString()},${cents},${customer}\n`,
  );
  writeFileSync(file, `reference,booked,cents,customer\n${lines.join("")}`);
}
