import { describe, expect, it } from "@jest/globals";
import { createAudit } from "../../../drills/crawler/audit.ts";
import { callsPerSecond, pageFound, partner } from "../../../drills/crawler/contracts.ts";
import { countedCalls } from "../../../drills/crawler/counted-calls.ts";
import { type CrawlerResult, judge } from "../../../drills/crawler/judge.ts";
import { bus, consumers } from "../../../drills/crawler/names.ts";
import { type ProcessParts, startVirtualConsumer } from "../../../drills/frame/virtual-consumer.ts";
import { virtualClock } from "../../../local/testing/index.ts";
import { sleep, uuidv7 } from "../../../src/clock.ts";
import { consume, type SqsHandler } from "../../../src/consume/index.ts";
import { sealEvent } from "../../../src/contract/index.ts";
import { inMemoryLedger } from "../../../src/ledger/index.ts";
import { dynamoLimits, type Limit, type RateLimit } from "../../../src/limits/index.ts";
import { limitsTableName } from "../../../src/names.ts";
import { modelledLimitTable } from "../../helpers/modelled-limit-table.ts";
import { mortality } from "../../helpers/mortal.ts";

const pages = 1_000;

/** The drill in virtual time: four consumers, a table that they share, and a holder that is killed half-way. */
async function play(limit: Limit = partner): Promise<CrawlerResult> {
  const clock = virtualClock({ turns: 1 });
  const table = modelledLimitTable(clock, { wayMs: 2 });
  const ledger = inMemoryLedger({ keepMs: 86_400_000, clock });
  const audit = createAudit(callsPerSecond);
  const processes = mortality(() => "lives");
  let holders = 0;
  let begun = 0;

  const startHolder = (parts: ProcessParts) => {
    const process = processes.process();
    const holder = String(holders++);
    const { calls, writes } = countedCalls(table.calls);
    const handler = consume(
      pageFound,
      async ({ data: { url } }) => {
        const startedMs = clock.nowMs();
        const limitWrites = writes();
        if (++begun === pages / 2) await process.die();
        // The way to the third party: longer for some calls than for others.
        await sleep(clock, 1 + Math.floor(clock.random() * 10));
        const atMs = clock.nowMs();
        await process.step(() =>
          audit.take({ atMs, page: url, holder, limitWrites, wayMs: atMs - startedMs }),
        );
      },
      {
        ...parts,
        ledger: process.wrap(ledger),
        limits: [limit],
        limitStore: dynamoLimits({ table: limitsTableName(bus), clock, calls: process.wrap(calls) }),
        endProcess: () => {},
      },
    );
    return { process, handler };
  };
  /** An environment: where its process was killed, another one takes its place. */
  const start = (parts: ProcessParts): SqsHandler => {
    let holder = startHolder(parts);
    return async (event, context) => {
      const answer = await holder.process.run(holder.handler(event, context));
      if (answer !== undefined) return answer;
      holder = startHolder(parts);
      throw new Error("killed");
    };
  };

  const started = consumers.map((consumer) =>
    startVirtualConsumer({
      ...{ clock, bus, consumer, start, contract: pageFound, maximumConcurrency: 2 },
      settings: { limits: [limit.meaning] },
    }),
  );
  for (let page = 0; page < pages; page++) {
    const data = { url: `/${page}`, site: "news" };
    const stamp = { id: uuidv7(clock), source: "/crawl/frontier", timeMs: clock.nowMs() };
    started[page % started.length]?.queue.send({ body: (await sealEvent(pageFound, data, stamp)).body });
  }
  const isOver = () =>
    started.every(({ queue }) => {
      const { visible, inFlight, delayed } = queue.counts();
      return visible + inFlight + delayed === 0;
    });
  const play = async () => {
    while (!isOver()) await sleep(clock, 1_000);
    await Promise.all(started.map(({ mapping }) => mapping.stop()));
  };
  await clock.until(play());
  return judge({
    audit: audit.report(),
    pages,
    kills: processes.deaths,
    deadLetters: started.reduce((sum, { deadLetters }) => sum + deadLetters.messages().length, 0),
  });
}

describe("the crawler drill in virtual time", () => {
  it("keeps one limit in four consumers, uses it, and fetches what a killed holder has left behind", async () => {
    const result = await play();

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ bans: 0, kills: 1, pages, deadLetters: 0, pass: true });
    expect(result.maxInAnySecond).toBeLessThanOrEqual(callsPerSecond);
    expect(result.used).toBeGreaterThanOrEqual(0.95);
    expect(result.writesPerCall).toBeLessThanOrEqual(0.15);
    expect(result.holders).toBeGreaterThanOrEqual(consumers.length);
  });

  it("is banned where the limit counts one too many", async () => {
    const one = { count: callsPerSecond + 1, spacingMicros: Math.floor(1e6 / (callsPerSecond + 1)) };

    const result = await play({ ...(partner as RateLimit), parts: [one] });

    expect(result.bans).toBeGreaterThan(0);
    expect(result.pass).toBe(false);
  });
});
