import {
  type ByteFile,
  type Difference,
  fileSource,
  type LedgerSource,
  type ReconcilerDefinition,
} from "../../src/reconcile/index.ts";
import { spanMs } from "./names.ts";
import { type Payment, pointsFor } from "./payment.ts";
import type { PointsBook } from "./points-book.ts";

/** What is compared, and how it is repaired: for each payment of the provider's statement the points that it earns. */
export function paidPoints({
  statement,
  given,
  book,
}: {
  readonly statement: string | ByteFile;
  readonly given: LedgerSource;
  readonly book: PointsBook;
}): ReconcilerDefinition {
  return {
    left: fileSource({
      name: "the provider's statement",
      file: statement,
      format: "ndjson",
      entryOf: (line) => {
        const { payment, customer, cents, capturedAt } = line as Payment;
        return {
          key: payment,
          timeMs: Date.parse(capturedAt),
          fields: { customer, points: pointsFor(cents) },
        };
      },
      spanMs,
    }),
    right: given,
    amountOf,
    repair: async ({ key, class: as, left: [paid] }) => {
      if (as !== "missing-right" || !paid) throw new Error(`${key}: a person has to look at what is ${as}`);
      const { customer, points } = paid.fields;
      // Keyed by the payment: given twice, they are there once.
      await book.give({
        payment: key,
        customer: String(customer),
        points: Number(points),
        atMs: paid.timeMs,
      });
    },
  };
}

/** What a difference is about, in points. */
function amountOf({ left, right }: Difference): number {
  return Number((left[0] ?? right[0])?.fields.points);
}
