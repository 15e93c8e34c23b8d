import { describe, expect, it } from "@jest/globals";
import { type BookLine, createPartners } from "../../../drills/fulfil/books.ts";
import { fulfilOrder, orderPlaced } from "../../../drills/fulfil/contracts.ts";
import { judge } from "../../../drills/fulfil/judge.ts";
import { redeployed, type StageName, slowed } from "../../../drills/fulfil/names.ts";
import { quietOf, slowFactor, warmUpOf } from "../../../drills/fulfil/options.ts";
import { readBooks } from "../../../drills/fulfil/read-books.ts";
import { type Ask, stageCode, tellCode } from "../../../drills/fulfil/stage-code.ts";
import { troubles } from "../../../drills/fulfil/trouble.ts";
import { createTestBus, stageConsumers, virtualClock } from "../../../local/testing/index.ts";
import { sleep } from "../../../src/clock.ts";
import { consume, createPublisher, runStage } from "../../../src/index.ts";

const everyMs = 100;
const longestMs = 600_000;

/** The drill on a test bus: the real stages and partners, in virtual time. `bend` breaks something on purpose. */
async function play(orders: number, bend: (ask: Ask) => Ask = (ask) => ask) {
  const clock = virtualClock();
  const lines: BookLine[] = [];
  const partners = createPartners(troubles(orders), (line) => lines.push(line));
  const ask = bend(async (_, question) => {
    await sleep(clock, partners.workMs(question));
    return partners.ask(question, clock.nowMs());
  });
  let release = 1;
  // There is no process here to be replaced: what asks changes.
  const released: Ask = (shop, question) => ask(shop, { ...question, release });
  const code = (name: Exclude<StageName, "Ship">) => runStage(fulfilOrder, name, stageCode(name, released));
  const ship = runStage(fulfilOrder, "Ship", { handle: stageCode("Ship", released).handle });
  const stages = stageConsumers(fulfilOrder, {
    RiskCheck: code("RiskCheck"),
    LockStock: code("LockStock"),
    Charge: code("Charge"),
    Pack: code("Pack"),
    Ship: ship,
  });
  const bus = createTestBus({
    clock,
    consumers: { ...stages, Tell: consume(fulfilOrder.compensated, tellCode(released)) },
  });
  const quiet = quietOf(orders);
  const { topics } = bus;
  const place = { bus: "test", source: "/mill/shop", account: "000000000000", region: "us-east-1" };
  const publisher = createPublisher({ ...place, topics, clock, lingerMs: 0, metrics: false });
  const isOver = () =>
    lines.filter(({ kind, stage }) => kind === "told" || stage === "Ship").length >= orders;
  const placing = async () => {
    for (let order = 0; order < orders; order++) {
      if (order === quiet + 20) release = 2;
      if (order === quiet + 60) partners.slowDown(slowed, slowFactor);
      await publisher.publish(orderPlaced, { order, shop: "here", cents: 100 });
      await sleep(clock, everyMs);
    }
    for (let left = longestMs; left > 0 && !isOver(); left -= everyMs) await sleep(clock, everyMs);
  };
  // Partners take their time on the clock, so it has to go on while handlers run.
  await clock.until(placing());
  const books = readBooks(lines, { orders, quiet, warmUp: warmUpOf(orders), redeployed });
  const names = [...Object.keys(stages), "Tell"];
  return judge({ orders, books, deadLetters: names.flatMap((name) => bus.deadLetters(name)).length });
}

describe("the fulfil drill in virtual time", () => {
  it("ships or wholly undoes every order, and a slow stage harms no other", async () => {
    const result = await play(300);

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      orders: 300,
      shipped: 282,
      compensated: 18,
      stuck: 0,
      harmToOthers: 0,
      pass: true,
    });
    expect(result.criticalMs[slowed].disturbed.p50).toBeGreaterThan(slowFactor * 10);
  });

  it("fails where a stage forgets to undo", async () => {
    const forgets = (ask: Ask): Ask => {
      return async (shop, question) =>
        question.kind === "undid" && question.stage === "RiskCheck" ? undefined : ask(shop, question);
    };

    const result = await play(100, forgets);

    expect(result).toMatchObject({ shipped: 94, compensated: 3, stuck: 3, pass: false });
    expect(result.findings.join("\n")).toMatch(/order \d+: did RiskCheck, refused LockStock, told Tell/);
  });
});
