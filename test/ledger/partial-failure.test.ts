import { describe, expect, it } from "@jest/globals";
import { type ClaimRequest, dynamoLedger, type ExecuteStatements } from "../../src/ledger/index.ts";

const event = (index: number): ClaimRequest => ({
  key: String(index).padStart(32, "0"),
  consumer: "LockStock",
  source: "/shop/web",
  id: String(index),
  type: "order.created",
  time: "2026-01-01T00:00:00.000Z",
  hash: "a".repeat(64),
  redelivered: false,
});
const terms = { owner: "a", leaseEndsMs: 1 };
const ledgerOn = (execute: ExecuteStatements) => dynamoLedger({ table: "shop-ledger", keepMs: 1, execute });

describe("dynamoLedger, when one of several calls fails", () => {
  it("keeps what the others have claimed, and reports the rest as failed", async () => {
    let calls = 0;
    const ledger = ledgerOn(async (statements) => {
      if (calls++ === 1) throw new Error("throttled");
      return statements.map(() => ({}));
    });

    const results = await ledger.claim(
      Array.from({ length: 60 }, (_, index) => event(index)),
      terms,
    );

    const statuses = results.map(({ status }) => status);
    expect(statuses.filter((status) => status === "claimed")).toHaveLength(35);
    expect(statuses.slice(25, 50).every((status) => status === "failed")).toBe(true);
  });

  it("keeps what was claimed when the read that follows fails", async () => {
    let calls = 0;
    const ledger = ledgerOn(async (statements) => {
      if (calls++ > 0) throw new Error("no route to host");
      return statements.map((_, index) => (index === 0 ? { Error: { Code: "DuplicateItem" } } : {}));
    });

    const results = await ledger.claim([event(1), event(2)], terms);

    expect(results.map(({ status }) => status)).toEqual(["failed", "claimed"]);
  });

  it("throws when no call got through", async () => {
    const ledger = ledgerOn(async () => {
      throw new Error("no route to host");
    });

    await expect(ledger.claim([event(1)], terms)).rejects.toMatchObject({ code: "ledger-unavailable" });
  });
});
