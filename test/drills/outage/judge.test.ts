import { describe, expect, it } from "@jest/globals";
import { type BookLine, createBooks, readBooks } from "../../../drills/outage/books.ts";
import { orderOf } from "../../../drills/outage/contracts.ts";
import { type Evidence, judge } from "../../../drills/outage/judge.ts";

/** The books of ten orders, of which one is paid while the partner goes down, and asked for again when it is back. */
function linesOf(change: (books: ReturnType<typeof createBooks>, pay: (order: number) => void) => void) {
  const lines: BookLine[] = [];
  const books = createBooks((line) => lines.push(line));
  const pay = (order: number, atMs = 100, more = {}) =>
    books.pay(order, orderOf(order, "").cents, `key-${order}`, atMs, more);
  for (let order = 0; order < 5; order++) pay(order);
  books.turn("down", 1_000);
  pay(5, 1_200, { unanswered: true });
  books.turn("up", 61_000);
  change(books, (order) => pay(order, 66_000));
  return lines;
}
const well = () =>
  linesOf((_, pay) => {
    for (let order = 5; order < 10; order++) pay(order);
  });
const evidence = (some: Partial<Evidence> = {}): Evidence => ({
  events: 10,
  downSeconds: 60,
  books: readBooks(well()),
  dead: 0,
  maxAttempts: 1,
  heldSeconds: 61,
  ...some,
});

describe("readBooks", () => {
  it("adds up payments, lost answers, repeats, and the time from the return to the first call", () => {
    expect(readBooks(well())).toEqual({
      orders: 10,
      doublePayments: 0,
      cents: Array.from({ length: 10 }, (_, order) => orderOf(order, "").cents).reduce((a, b) => a + b),
      unanswered: 1,
      again: 1,
      downSeconds: 60,
      recoverySeconds: 5,
    });
  });

  it("sees an order that was paid under two keys, and none in a key that came twice", () => {
    const lines = linesOf((books, pay) => {
      pay(5);
      books.pay(3, 100, "another key", 66_000);
      books.pay(3, 100, "a third", 66_001);
    });

    expect(readBooks(lines)).toMatchObject({ doublePayments: 1, again: 1 });
  });

  it("tells of no recovery where there was none, or no outage", () => {
    expect(readBooks(linesOf(() => {})).recoverySeconds).toBeUndefined();
    expect(readBooks([])).toMatchObject({ downSeconds: 0, recoverySeconds: undefined });
  });
});

describe("judge", () => {
  it("passes an outage that nobody needed to do anything about", () => {
    expect(judge(evidence())).toMatchObject({
      events: 10,
      lost: 0,
      doublePayments: 0,
      dead: 0,
      maxAttempts: 1,
      recoverySeconds: 5,
      pass: true,
      findings: [],
    });
  });

  it.each([
    ["a lost order", { events: 11 }, /orders lost: 1, and must be 0/],
    [
      "a double payment",
      { books: { ...readBooks(well()), doublePayments: 1 } },
      /orders paid twice: 1, and must be 0/,
    ],
    ["a wrong total", { books: { ...readBooks(well()), cents: 1 } }, /cents: 1, and must be/],
    ["a dead letter", { dead: 1 }, /dead letters: 1/],
    ["an attempt that the outage has cost", { maxAttempts: 2 }, /attempts of an event: 2/],
    [
      "a late recovery",
      { books: { ...readBooks(well()), recoverySeconds: 10.01 } },
      /recovery began after 10.01 s, and 10 s are allowed/,
    ],
    ["no recovery", { books: { ...readBooks(well()), recoverySeconds: undefined } }, /Infinity s/],
    ["a short outage", { downSeconds: 61 }, /not exercised: the partner was down for 60 s of 61/],
    ["a consumer that was not held", { heldSeconds: 20 }, /not exercised: the consumer was held for 20 s/],
    [
      "answers that all arrived",
      { books: { ...readBooks(well()), unanswered: 0 } },
      /not exercised: no payment's answer was lost/,
    ],
  ])("fails %s", (_, change, finding) => {
    const result = judge(evidence(change as Partial<Evidence>));

    expect(result.pass).toBe(false);
    expect(result.findings.join("\n")).toMatch(finding);
  });
});
