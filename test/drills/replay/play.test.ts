import { describe, expect, it } from "@jest/globals";
import { readOrders } from "../../../drills/orders/orders.ts";
import { judge } from "../../../drills/replay/judge.ts";
import type { Noted, Witnessed } from "../../../drills/replay/witnessed.ts";
import { inMemoryLedger } from "../../../src/ledger/index.ts";
import { keepEventList, listKey, type ReplaySelection, runReplay } from "../../../src/replay/index.ts";
import { formatOffset, readLines } from "../../../src/segments/index.ts";
import { type ConsumerWorld, consumerWorld, record } from "../../helpers/consumer-world.ts";
import { mortality } from "../../helpers/mortal.ts";
import { dayMs } from "../../reconcile/sources/sealed-world.ts";
import { replayWorld } from "../../replay/replay-world.ts";

const published = await Array.fromAsync(readOrders(1_200));
const orderOf = new Map(published.map((order) => [order.orderId, order]));
const day = "1997-01-02";

/** The drill in memory and virtual time: real orders, two consumers over their ledger, a replay whose process dies. */
async function play(rate: number) {
  const world = replayWorld({ startMs: Date.UTC(2026, 0, 1) });
  const { clock, archive, seal, segments, taken, make, parts, store } = world;
  const effects: Record<"Points" | "Stock", Noted[]> = { Points: [], Stock: [] };
  const ledger = inMemoryLedger({ keepMs: 60 * dayMs, clock });
  const consumerOf = (name: "Points" | "Stock"): ConsumerWorld =>
    consumerWorld(
      ({ data: { orderId } }) => {
        effects[name].push({ orderId, atMs: clock.nowMs() });
      },
      { settings: { consumer: name, parallel: 1 }, ledger, clock },
    );
  const consumers = { Points: consumerOf("Points"), Stock: consumerOf("Stock") };
  const events = published.map(({ orderId, cents }) => ({
    ...{ id: orderId, data: { orderId, cents }, timeMs: clock.nowMs() },
  }));
  for (let at = 0; at < events.length; at += 100) await archive(events.slice(at, at + 100));
  await seal();
  const witness = async (): Promise<Witnessed> => {
    const archived: [string, string][] = [];
    for await (const page of readLines(segments.archive)) {
      for (const { line, offset } of page) {
        archived.push([line.identity.split("\n")[1] ?? "", offset ? formatOffset(offset) : ""]);
      }
    }
    return { effects: { Points: [...effects.Points], Stock: [...effects.Stock] }, archived };
  };
  /** Both consumers handle what was published: the archive's bodies, as topics would have brought them. */
  const deliver = async (name: "Points" | "Stock", messages: typeof taken) => {
    const records = messages.map(({ MessageBody, MessageAttributes = {} }) => {
      const omnibus = MessageAttributes.omnibus?.StringValue;
      const attributes =
        omnibus === undefined ? {} : { omnibus: { dataType: "String", stringValue: omnibus } };
      return record(MessageBody, { attributes });
    });
    for (let at = 0; at < records.length; at += 10) await consumers[name].deliver(records.slice(at, at + 10));
  };
  await world.replay({ fromMs: 0 }, { perSecond: 100_000 });
  const all = taken.splice(0);
  await deliver("Points", all);
  await deliver("Stock", all);
  const before = await witness();
  await clock.advance(60_000);

  const run = async (selection: ReplaySelection, perSecond: number, fatal?: number) => {
    const { id } = await make(selection, { consumer: "Points", queue: "points", again: true, perSecond });
    const mortal = mortality((call) => (call === fatal ? "dies-after" : "lives"));
    // Whatever is sent is handled at once.
    const queue: typeof parts.queue = {
      async send(name, batch) {
        const refused = await parts.queue.send(name, batch);
        await consumers.Points.begin(
          taken.splice(0).map(({ MessageBody, MessageAttributes }) =>
            record(MessageBody, {
              attributes: {
                omnibus: { dataType: "String", stringValue: MessageAttributes?.omnibus?.StringValue },
              },
            }),
          ),
        );
        return refused;
      },
    };
    let sentBeforeKill = 0;
    for (let nth = 0; (await store.list())[0]?.job.state !== "done"; nth++) {
      const process = mortal.process();
      const work = runReplay({ ...parts, queue: process.wrap(queue), id, owner: `${id}-${nth}` });
      await clock.until(process.run(work));
      if (nth === 0) sentBeforeKill = effects.Points.length - before.effects.Points.length;
      await clock.advance(30_000);
    }
    return { kills: mortal.deaths, sentBeforeKill };
  };
  const listed = async (ids: readonly string[]): Promise<ReplaySelection> => ({
    list: await keepEventList(
      segments.archive.store,
      `list-${ids.length}`,
      new Set(ids.map((id) => listKey(id, "/shop"))),
    ),
  });
  const idsWhere = (isChosen: (order: (typeof published)[number]) => boolean) =>
    published.filter(isChosen).map(({ orderId }) => orderId);
  const selected = {
    day: idsWhere(({ date }) => date === day),
    large: idsWhere(({ cents }) => cents > 5_000),
    byOffset: before.archived.slice(300, 324).map(([id]) => id),
  };
  const dead = await run(await listed(selected.day), rate, 20);
  const afterDay = await witness();
  await run(await listed(selected.large), 1_000);
  await run({ from: before.archived[300]?.[1] ?? "", to: before.archived[324]?.[1] ?? "" }, 1_000);
  const after = await witness();
  return { published: [...orderOf.keys()], selected, before, afterDay, after, rate, ...dead };
}

describe("the replay drill, small and in virtual time", () => {
  it("has one day's real orders handled once more by one consumer, killed on the way, and what SQL and offsets choose", async () => {
    const result = judge(await play(25));

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ archived: 1_200, kills: 1, strays: 0, missing: 0, pass: true });
    expect(result.replayed).toBeGreaterThan(100);
  }, 60_000);
});
