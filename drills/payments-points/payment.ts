/** A line of the payment provider's statement. */
export interface Payment {
  readonly payment: string;
  readonly customer: string;
  readonly cents: number;
  /** ISO 8601. */
  readonly capturedAt: string;
}

/** A point for each dollar. */
export const pointsFor = (cents: number): number => Math.floor(cents / 100);

/** The fault: of every fifty payments, the points of one are dropped without a word. */
const everyNth = 50;
export const isDropped = (number: number): boolean => number % everyNth === 7;
export const droppedOf = (payments: number): number => Math.ceil(Math.max(0, payments - 7) / everyNth);

/** The statement as a file: a line of JSON for each payment. */
export function statementText(payments: readonly Payment[]): string {
  return payments.map((payment) => `${JSON.stringify(payment)}\n`).join("");
}
