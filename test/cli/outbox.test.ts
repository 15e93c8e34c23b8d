import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { outbox } from "../../cli/commands/outbox.ts";
import { systemClock } from "../../src/clock.ts";
import type { RelaySettings } from "../../src/env.ts";
import { createOutbox, dynamoOutbox, outboxTable, relay, sdkCalls } from "../../src/outbox/index.ts";
import { inMemoryTopics } from "../../src/publish/index.ts";
import { busHere } from "../helpers/bus-here.ts";
import { type OutboxCloud, startOutboxCloud } from "../helpers/outbox-cloud.ts";
import {
  balanceMoved,
  balancesArn,
  orderCreated,
  ordersArn,
  relaySettings,
} from "../helpers/outbox-world.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
const { table, graceMs } = relaySettings;
/** What the topics refuse until somebody mends it. */
const sick = new Set<string>();
const topics = inMemoryTopics({
  onMessage: ({ id }) =>
    sick.has(id) ? { ok: false, code: "InvalidParameter", message: "no", retryable: false } : undefined,
});
/** The writers' clocks: what they write has waited for longer than the grace. */
const past = { ...systemClock, nowMs: () => systemClock.nowMs() - 2 * graceMs };
const source = "/shop";
let relays: readonly RelaySettings[] = [relaySettings];
let cloud: OutboxCloud;

beforeAll(async () => {
  cloud = await startOutboxCloud(() => relays);
  await cloud.dynamodb.createTable(table, "pk", "sk");
}, 60_000);
afterAll(() => cloud?.stop());

/** Runs `bus outbox …` in this process. */
const run = (...words: readonly string[]) =>
  busHere([outbox], ["outbox", ...words], { directory: folder, environment: cloud.environment });

const calls = () => sdkCalls({ client: cloud.dynamodb.client });
const store = () => dynamoOutbox({ table: outboxTable(relaySettings), calls: calls() });

/** The relay's next sweep. */
async function sweep(): Promise<void> {
  const handler = relay(relaySettings, { store: store(), topics, sink: () => {} });
  await handler({}, { getRemainingTimeInMillis: () => 300_000 });
}

/** Commits a transaction with these writes. */
async function commit(writes: Promise<readonly object[]>): Promise<void> {
  await cloud.dynamodb.client.send(new TransactWriteItemsCommand({ TransactItems: [...(await writes)] }));
}
const written = () => createOutbox({ table, source, clock: past, client: cloud.dynamodb.client });
const order = (number: number) =>
  commit(written().add(orderCreated, { order: number }, { id: `order-${number}` }));
const move = (account: string, step: number) =>
  commit(
    written().add(
      balanceMoved,
      { account, step },
      { id: `${account}-${step}`, order: account, sequence: step },
    ),
  );
const took = (arn: string) => topics.taken(arn).map(({ id }) => id);

const namesOf = ({ standing }: { readonly standing: readonly { kind: string; name: string }[] }) =>
  standing.map(({ kind, name }) => `${kind} ${name}`).sort();

describe("bus outbox", () => {
  it("says where nothing stands, and refuses what names nothing, both, or an outbox that is not there", async () => {
    expect(await run("list")).toMatchObject({ code: 0, out: `shop: nothing stands in ${table}\n` });
    expect(await run("release")).toMatchObject({ code: 2, err: expect.stringContaining("or --all") });
    expect(await run("drop", "order-1", "--all")).toMatchObject({ code: 2 });
    expect(await run("list", "--bus", "other")).toMatchObject({
      code: 2,
      err: expect.stringContaining('no outbox at a bus "other"'),
    });
  });

  it("lists the dead, the parked and what waits for a sequence, with their reasons", async () => {
    for (const id of ["order-1", "order-2", "a-2"]) sick.add(id);
    await order(1);
    await order(2);
    for (const step of [1, 2, 3]) await move("a", step);
    for (const step of [1, 2, 3]) await move("b", step);
    const lost = (await store().line("b", 3)).find(({ order: { sequence } }) => sequence === 2);
    await store().remove(lost ? [lost.row.place] : []);
    await sweep();

    const listed = await run("list");

    expect(listed).toMatchObject({ code: 0, err: expect.stringContaining("target: http://127.0.0.1:") });
    expect(listed.out).toMatch(/dead +order-1 .*InvalidParameter/);
    expect(listed.out).toMatch(/parked +a .* 2 +InvalidParameter/);
    expect(listed.out).toContain("sequence 2 is missing, 3 is there");
    expect(took(balancesArn).sort()).toEqual(["a-1", "b-1"]);
  });

  it("only shows what it would release, unless told to do it", async () => {
    const shown = await run("release", "--all", "--json");

    expect(shown).toMatchObject({ code: 0, json: { bus: "shop", table, dryRun: true, mended: [] } });
    expect(shown.err).toContain("nothing was changed: give --yes");
    expect(namesOf(shown.json)).toEqual(["dead order-1", "dead order-2", "gap b", "parked a"]);
  });

  it("releases one key or event, or drops it, and leaves all else", async () => {
    const released = await run("release", "a", "--yes", "--json");
    const dropped = await run("drop", "order-1", "--yes", "--json");

    expect([released.code, dropped.code]).toEqual([0, 0]);
    expect(released.json).toMatchObject({
      dryRun: false,
      mended: [{ name: "a", kind: "parked", status: "released" }],
    });
    expect(dropped.json.mended).toEqual([{ name: "order-1", kind: "dead", status: "dropped" }]);
    expect(await run("drop", "order-1", "--yes")).toMatchObject({
      code: 0,
      err: expect.stringContaining('"order-1" does not stand there'),
    });
  });

  it("ends with 1 where something is left: a sequence that is missing is given up by its own option alone", async () => {
    const left = await run("release", "--all", "--yes");
    const given = await run("release", "b", "--skip-missing", "--yes");

    expect(left).toMatchObject({ code: 1, out: expect.stringContaining("--skip-missing") });
    expect(given).toMatchObject({ code: 0, out: expect.stringContaining("released") });
  });

  it("has had all that was released sent with the next sweep, in the order of its keys, and nothing else", async () => {
    sick.clear();
    await sweep();

    const { json } = await run("list", "--json");

    expect(took(ordersArn)).toEqual(["order-2"]);
    expect(took(balancesArn).filter((id) => id.startsWith("a"))).toEqual(["a-1", "a-2", "a-3"]);
    expect(took(balancesArn).filter((id) => id.startsWith("b"))).toEqual(["b-1", "b-3"]);
    expect(json.outboxes).toMatchObject([{ bus: "shop", standing: [] }]);
  });

  it("changes nothing where there are several outboxes and none was named", async () => {
    relays = [relaySettings, { ...relaySettings, bus: "club" }];

    expect(await run("release", "--all", "--yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("several outboxes (club, shop)"),
    });
    expect(await run("release", "--all", "--yes", "--bus", "club")).toMatchObject({ code: 0 });
  });
});
