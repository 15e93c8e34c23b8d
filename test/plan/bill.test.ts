import { describe, expect, it } from "@jest/globals";
import { billItems, type LoadPlan } from "../../src/plan/index.ts";
import { aPlan } from "./planned.ts";

/** 3,000 events a second for a month: numbers that can be checked by hand. */
const million = 1_000_000;
const events = 3_000 * 730 * 3_600;
const busy = (load = {}, wish = {}) =>
  aPlan({ arrivalsPerSecond: 3_000, ...load }, { concurrency: 30, ...wish });
const usdOf = ({ lines }: LoadPlan["bill"], item: string) =>
  lines.find((line) => line.item === item)?.usd ?? Number.NaN;

describe("the monthly bill", () => {
  it("has the same items for ours and for EventBridge with Powertools, and adds them up", () => {
    const { bill, billElsewhere } = busy();

    for (const one of [bill, billElsewhere]) {
      expect(one.lines.map(({ item }) => item)).toEqual([...billItems]);
      expect(one.usd).toBeCloseTo(
        one.lines.reduce((sum, { usd }) => sum + usd, 0),
        6,
      );
      expect(one.usdPerMillionEvents).toBeCloseTo((one.usd / events) * million, 6);
    }
  });

  it("pays half a dollar a million to SNS and a dollar to EventBridge", () => {
    const { bill, billElsewhere } = busy();

    expect(usdOf(bill, "publish")).toBeCloseTo((events / million) * 0.5, 2);
    expect(usdOf(billElsewhere, "publish")).toBeCloseTo((events / million) * 1, 2);
  });

  it("shares one request to SNS among events that are published together, up to 64 KB", () => {
    const alone = usdOf(busy().bill, "publish");

    expect(usdOf(busy({ publishedTogether: 10 }).bill, "publish")).toBeCloseTo(alone / 10, 2);
    expect(usdOf(busy({ publishedTogether: 10, eventBytes: 10_000 }).bill, "publish")).toBeCloseTo(
      alone / 5,
      2,
    );
    expect(usdOf(busy({ eventBytes: 65_537 }).bill, "publish")).toBeCloseTo(alone * 2, 2);
  });

  it("pays two writes an event for once, three for transaction, one for record, none for none", () => {
    const writes = (events / million) * 0.625;

    expect(usdOf(busy().bill, "ledger")).toBeCloseTo(2 * writes, 2);
    expect(usdOf(busy({}, { mode: "transaction" }).bill, "ledger")).toBeCloseTo(3 * writes, 2);
    expect(usdOf(busy({}, { mode: "record" }).bill, "ledger")).toBeCloseTo(writes, 2);
    expect(usdOf(busy({}, { mode: "none" }).bill, "ledger")).toBe(0);
    expect(usdOf(busy({}, { mode: "none" }).bill, "ledger storage")).toBe(0);
  });

  it("keeps in the ledger what came in as long as it is kept", () => {
    const tenDays = 10 * 86_400_000;
    const gb = (3_000 * 864_000 * 400) / 1e9;

    expect(usdOf(busy({}, { keepMs: tenDays }).bill, "ledger storage")).toBeCloseTo(gb * 0.45, 2);
  });

  it("invokes once for a batch that comes full, and once for each event that comes alone", () => {
    const alone = aPlan({ arrivalsPerSecond: 1 }).bill.lines.find(({ item }) => item === "function");
    const gathered = aPlan({ arrivalsPerSecond: 100 }, { batchWindowMs: 1_000 }).bill.lines.find(
      ({ item }) => item === "function",
    );

    expect(alone?.how).toContain("invocations of 1 event and");
    expect(gathered?.how).toContain("invocations of 10 events and 56 ms, 512 MB");
  });

  it("counts an ordered topic by its own prices", () => {
    const { bill } = aPlan({ groups: 100 }, { fifo: true, concurrency: 60 });
    const published = 100 * 730 * 3_600;

    expect(usdOf(bill, "publish")).toBeCloseTo(
      (published / million) * 0.31 + ((published * 1_024) / 1e9) * 0.018,
      2,
    );
  });

  it("leaves queue and function the same on both sides", () => {
    const { bill, billElsewhere } = busy();

    for (const item of ["queue", "function"]) expect(usdOf(bill, item)).toBe(usdOf(billElsewhere, item));
  });
});
