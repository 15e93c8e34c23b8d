import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { noteConsumer as note, noteGone } from "../../../src/reconcile/delivery/known-consumer.ts";
import {
  dynamoKnownConsumers,
  inMemoryKnownConsumers,
  type KnownConsumer,
  type KnownConsumers,
} from "../../../src/reconcile/index.ts";
import { createJobsTable } from "../../helpers/jobs-table.ts";
import { startDynamoDB, type TestDynamoDB } from "../../helpers/start-dynamodb.ts";

const points: KnownConsumer = {
  v: 1,
  consumer: "Points",
  seenMs: 100,
  isGone: false,
  mode: "once",
  fifo: false,
  parks: false,
  attempts: 3,
  firstDelayMs: 1_000,
  maxDelayMs: 2_000,
  keepMs: 86_400_000,
  versions: [{ filters: { orders: { type: ["order.created"] } }, changedMs: 50 }],
};

/** What every `KnownConsumers` must do. */
function suite(make: () => Promise<KnownConsumers> | KnownConsumers): void {
  it("answers the moment of whoever asked first to all", async () => {
    const known = await make();

    expect(await known.beganMs(1_000)).toBe(1_000);
    expect(await known.beganMs(2_000)).toBe(1_000);
    expect(await known.list()).toEqual([]);
  });

  it("keeps consumers, and changes each from the revision that was read alone", async () => {
    const known = await make();

    expect(await known.save(points, 0)).toBe(true);
    expect(await known.save({ ...points, seenMs: 999 }, 0)).toBe(false);
    expect(await known.list()).toEqual([{ known: points, revision: 1 }]);
    expect(await known.save({ ...points, seenMs: 200 }, 1)).toBe(true);
    expect(await known.save({ ...points, seenMs: 300 }, 1)).toBe(false);
    expect(await known.list()).toEqual([{ known: { ...points, seenMs: 200 }, revision: 2 }]);
  });

  it("lets one of many write that do at once, and lists more than a page", async () => {
    const known = await make();

    const written = await Promise.all(Array.from({ length: 8 }, () => known.save(points, 0)));
    expect(written.filter(Boolean)).toHaveLength(1);
    for (let nth = 0; nth < 120; nth++) await known.save({ ...points, consumer: `C${nth}` }, 0);
    expect(await known.list()).toHaveLength(121);
  });
}

describe("inMemoryKnownConsumers", () => {
  suite(() => inMemoryKnownConsumers());
});

describe("dynamoKnownConsumers on dynoxide", () => {
  let dynamodb: TestDynamoDB;
  let tables = 0;
  beforeAll(async () => {
    dynamodb = await startDynamoDB();
  });
  afterAll(() => dynamodb?.stop());

  suite(async () => {
    const table = `shop${tables++}-jobs`;
    await createJobsTable(dynamodb, table);
    return dynamoKnownConsumers({ table, client: dynamodb.client });
  });
});

describe("noteConsumer", () => {
  type Settings = Parameters<typeof note>[1]["settings"];
  const settings = (more: Partial<Settings> = {}): Settings => ({
    v: 1,
    bus: "shop",
    consumer: "Points",
    on: ["order.created:1"],
    emits: [],
    mode: "once",
    fifo: false,
    account: "1",
    region: "eu-central-1",
    attempts: 3,
    firstDelayMs: 1_000,
    maxDelayMs: 2_000,
    marginMs: 500,
    keepMs: 86_400_000,
    parallel: 10,
    filters: { orders: { type: ["order.created"] } },
    ...more,
  });
  const other = { orders: { type: ["order.paid"] } };

  it("lets a consumer begin when its function was changed last, and not before the bus was looked at without it", () => {
    const fresh = note(undefined, { settings: settings(), changedMs: 50 }, { nowMs: 100 });
    expect(fresh).toEqual(points);
    const later = note(undefined, { settings: settings(), changedMs: 50 }, { nowMs: 100, lookedMs: 80 });
    expect(later.versions[0]?.changedMs).toBe(80);
  });

  it("keeps the same filters as they are, whatever else was deployed", () => {
    const next = note(points, { settings: settings({ attempts: 9 }), changedMs: 150 }, { nowMs: 200 });

    expect(next).toEqual({ ...points, seenMs: 200, attempts: 9 });
  });

  it("does not know other filters between when the old ones were seen and when the function was changed last", () => {
    const next = note(points, { settings: settings({ filters: other }), changedMs: 150 }, { nowMs: 200 });

    expect(next.versions).toEqual([...points.versions, { filters: other, changedMs: 150, afterMs: 100 }]);
  });

  it("believes what it has seen, and no older moment", () => {
    const next = note(points, { settings: settings({ filters: other }), changedMs: 40 }, { nowMs: 200 });

    expect(next.versions[1]).toEqual({ filters: other, changedMs: 200, afterMs: 100 });
  });

  it("expects nothing while nothing is written down, and of who is gone; then it begins anew", () => {
    const none = note(points, { settings: settings({ mode: "none" }), changedMs: 150 }, { nowMs: 200 });
    expect(none.versions[1]).toEqual({ filters: {}, changedMs: 150, afterMs: 100 });

    const gone = noteGone(points, 200);
    expect(gone).toMatchObject({
      isGone: true,
      versions: [{}, { filters: {}, changedMs: 200, afterMs: 100 }],
    });
    expect(noteGone(gone, 300)).toBe(gone);

    const back = note(gone, { settings: settings(), changedMs: 50 }, { nowMs: 400 });
    expect(back).toMatchObject({ isGone: false, versions: [{}, {}, { changedMs: 400, afterMs: 200 }] });
  });

  it("knows nothing of one whose settings do not tell", () => {
    const { filters: _, ...without } = settings();

    expect(note(points, { settings: without as Settings, changedMs: 1 }, { nowMs: 200 }).versions).toEqual(
      [],
    );
  });

  it("forgets what was over long ago, and the oldest of very many", () => {
    const dayMs = 86_400_000;
    let known = points;
    for (let nth = 1; nth <= 200; nth++) {
      const filters = { orders: { type: [`t.${nth}`] } };
      known = note(
        known,
        { settings: settings({ filters }), changedMs: nth * dayMs },
        { nowMs: nth * dayMs },
      );
    }

    expect(known.versions).toHaveLength(50);
    expect(known.versions.at(-1)?.filters).toEqual({ orders: { type: ["t.200"] } });
  });
});
