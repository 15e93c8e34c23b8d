import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { compareBooks } from "../../../drills/transfer/books.ts";
import { openCreditBook } from "../../../drills/transfer/credit-book.ts";
import { diedAt } from "../../../drills/transfer/die-once.ts";
import { faultKinds, faultsOfKind, madeUp, planFaults } from "../../../drills/transfer/faults.ts";
import { lookAtMoney } from "../../../drills/transfer/money.ts";

const credit = (number: number, cents = 100, atMs = 1_000) => ({
  ...{ transfer: `transfer-${number}`, customer: "00004", cents, atMs },
});

describe("planFaults", () => {
  it.each([100, 1_000, 20_000])(
    "has all kinds equally often in %d transfers, each in another one",
    (count) => {
      const faults = [...planFaults(count)];

      for (const kind of faultKinds) {
        expect(faults.filter(([, fault]) => fault.kind === kind)).toHaveLength(faultsOfKind(count));
      }
      expect(new Set(faults.map(([, { key }]) => key)).size).toBe(faults.length);
      expect(faults.every(([number]) => number >= 0 && number < count)).toBe(true);
    },
  );
});

describe("openCreditBook", () => {
  it("books once for a key, and corrects once for a key, however often it is asked", () => {
    const book = openCreditBook(":memory:");
    book.credit(credit(1), "one");
    book.credit(credit(1), "one");
    book.credit(credit(1, 200), "another");
    expect(book.standing()).toEqual([credit(1), credit(1, 200)]);

    book.correct("transfer-1", credit(1, 300), "mend");
    book.correct("transfer-1", credit(1, 300), "mend");
    expect(book.standing()).toEqual([credit(1, 300)]);

    book.correct("transfer-1", undefined, "take back");
    expect(book.standing()).toEqual([]);
  });

  it("changes nothing by a correction that fails half-way", () => {
    const book = openCreditBook(":memory:");
    book.credit(credit(1), "one");

    expect(() => book.correct("transfer-1", { ...credit(1), cents: null as never }, "mend")).toThrow(
      "NOT NULL",
    );

    expect(book.standing()).toEqual([credit(1)]);
    book.correct("transfer-1", credit(1, 300), "mend");
    expect(book.standing()).toEqual([credit(1, 300)]);
  });
});

describe("lookAtMoney", () => {
  const faults = new Map([...planFaults(100).values()].map((fault) => [fault.key, fault]));
  const keyOf = (kind: string) => [...faults.values()].find((fault) => fault.kind === kind)?.key ?? "";
  const honest = { ...credit(0), transfer: "transfer-1" };

  it("sees what is in flight", () => {
    expect(lookAtMoney([honest], 250, faults)).toEqual({ twice: undefined, inFlight: 150 });
  });

  it("allows what was injected, and no more", () => {
    const double = { ...honest, transfer: keyOf("double-credit") };
    const made = { ...honest, transfer: keyOf("credit-without-debit") };

    expect(made.transfer).toMatch(/-of-nobody$/);
    expect(lookAtMoney([double, double, made], 100, faults).twice).toBeUndefined();
    expect(lookAtMoney([double, double, double], 300, faults).twice).toContain("was credited 3 times");
  });

  it("sees an honest transfer that was credited twice, and a credit before its debit", () => {
    expect(lookAtMoney([honest, honest], 500, faults).twice).toBe("transfer-1 was credited 2 times");
    expect(lookAtMoney([honest], 99, faults).twice).toBe("bank B has 1 cents more than bank A has paid");
  });
});

describe("compareBooks", () => {
  it("tells every kind of difference in the plainest way", () => {
    const hour = 3_600_000;
    const left = [credit(1), credit(2), credit(3), credit(4), credit(5)];
    const right = [credit(1), credit(2, 101), credit(3), credit(3), credit(4, 100, hour), credit(6)];

    expect(compareBooks(left, right)).toMatchObject({
      differing: {
        ...{ "transfer-2": "mismatch", "transfer-3": "duplicate", "transfer-4": "late" },
        ...{ "transfer-5": "missing-right", "transfer-6": "missing-left" },
      },
      ...{ centsLeft: 500, centsRight: 601 },
    });
  });

  it("has one fingerprint for the same lines in any order, and another one for others", () => {
    const [one, other] = [credit(1), credit(2)];
    const of = (...lines: readonly ReturnType<typeof credit>[]) => compareBooks([], lines).fingerprint;

    expect(of(one, other)).toBe(of(other, one));
    expect(of(one, other)).not.toBe(of(one, credit(2, 101)));
  });
});

describe("diedAt", () => {
  const folder = mkdtempSync(join(tmpdir(), "omnibus-died-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("tells the steps that have left their mark", () => {
    expect(diedAt(folder)).toEqual([]);
    writeFileSync(join(folder, "died-bank-a-after-debit"), "");
    expect(diedAt(folder)).toEqual(["bank-a-after-debit"]);
    expect(madeUp("transfer-1")).toBe("transfer-1-of-nobody");
  });
});
