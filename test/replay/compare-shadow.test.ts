import { describe, expect, it } from "@jest/globals";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import { compareShadow, replayId, runReplay } from "../../src/replay/index.ts";
import { inMemoryTables, inMemoryTransactions } from "../../src/transaction/index.ts";
import { consumerWorld, type orderCreated, record, stockLocked } from "../helpers/consumer-world.ts";
import { accounts, add } from "../helpers/transaction-world.ts";
import { dayMs } from "../reconcile/sources/sealed-world.ts";
import { replayWorld, type Taken } from "./replay-world.ts";

const beginMs = Date.UTC(2026, 0, 1);
const orders = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, nth) => ({
    id: `o-${100 + from + nth}`,
    timeMs: beginMs + (from + nth) * 1_000,
    data: { orderId: `o-${100 + from + nth}`, cents: 100 + from + nth },
  }));

/** Thirty orders, all handled but the last five; the code that handled them can be replaced. */
async function world() {
  const made = replayWorld();
  const { clock, make, parts, taken } = made;
  const ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock });
  const tables = inMemoryTables({ [accounts]: ["account"] });
  const code = { rebate: 0, throwsAt: "" };
  const consumer = consumerWorld<typeof orderCreated>(
    (event, { emit }) => {
      if (event.id === code.throwsAt) throw new RangeError("no");
      emit(stockLocked, { orderId: event.id });
      return add("sum", event.data.cents > 115 ? event.data.cents - code.rebate : event.data.cents);
    },
    {
      settings: { mode: "transaction" },
      clock,
      ledger,
      parts: { transactions: inMemoryTransactions({ ledger, tables }) },
    },
  );
  const handle = async (some: readonly Taken[]) => {
    for (const { MessageBody, MessageAttributes = {} } of some) {
      const attributes = Object.entries(MessageAttributes).map(
        ([name, { DataType, StringValue }]) =>
          [name, { dataType: DataType, stringValue: StringValue }] as const,
      );
      await consumer.deliver([record(MessageBody, { attributes: Object.fromEntries(attributes) as never })]);
    }
  };
  const send = async (selection: object, change: object = {}) => {
    const { id } = await make({ fromMs: beginMs, ...selection }, { perSecond: 1_000, ...change });
    return clock.until(runReplay({ ...parts, ledger, id, owner: id }));
  };
  await made.archive(orders(0, 20));
  await made.seal();
  await made.archive(orders(20, 30));
  await send({ toMs: beginMs + 25_000 });
  await handle(taken.splice(0));
  const sums = () => [
    tables.get({ TableName: accounts, Key: { account: { S: "sum" } } })?.cents?.N,
    consumer.topics.calls.length,
  ];
  return {
    ...made,
    code,
    handle,
    sums,
    shadow: () => send({}, { id: replayId(clock, { shadow: true }), again: true }),
    compare: (job: Parameters<typeof compareShadow>[0]) =>
      compareShadow(job, { archive: parts.archive, ledger }),
  };
}

describe("compareShadow", () => {
  it("finds the same code the same, and nothing known where nothing ran before", async () => {
    const { shadow, compare, handle, taken, sums } = await world();
    const before = sums();
    const job = await shadow();
    const unrun = await compare(job);

    await handle(taken);

    expect(job.id).toMatch(/-shadow$/);
    expect(unrun).toEqual({ same: 0, differs: 0, failed: 0, unknown: 0, waiting: 30, sample: [] });
    expect(await compare(job)).toEqual({
      ...{ same: 25, differs: 0, failed: 0, unknown: 5, waiting: 0, sample: [] },
    });
    expect(sums()).toEqual(before);
  });

  it("tells what other code would have done otherwise, with a sample, and changes nothing", async () => {
    const { shadow, compare, handle, taken, sums, code } = await world();
    const before = sums();
    Object.assign(code, { rebate: 3, throwsAt: "o-103" });
    const job = await shadow();

    await handle(taken);
    const compared = await compare(job);

    expect(compared).toMatchObject({ same: 15, differs: 9, failed: 1, unknown: 5, waiting: 0 });
    expect(compared.sample.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["o-103", "failed"],
      ...["o-116", "o-117", "o-118", "o-119"].map((id) => [id, "differs"]),
    ]);
    expect(compared.sample[0]).toMatchObject({
      ...{ type: "order.created", source: "/shop", result: "failed: RangeError" },
      offset: "2026-01-01-00-00/0/3",
    });
    expect(sums()).toEqual(before);
  });
});
