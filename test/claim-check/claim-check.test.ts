import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { inMemoryHolds } from "../../src/breaker/index.ts";
import { type ClaimStore, claimKey, claimRef } from "../../src/claim-check/index.ts";
import type { ConsumeOptions } from "../../src/consume/index.ts";
import { dataHash, decodeMessage, defineEvent, type WireMessage } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { ledgerKey } from "../../src/ledger/index.ts";
import { claimsBucketName } from "../../src/names.ts";
import { createPublisher, inMemoryTopics, type PublisherClaims } from "../../src/publish/index.ts";
import { type InMemoryObjects, inMemoryObjects } from "../../src/segments/index.ts";
import { again, consumerWorld, failures, record } from "../helpers/consumer-world.ts";

const reportWritten = defineEvent("report.written", {
  version: 1,
  topic: "reports",
  schema: z.object({ title: z.string(), pages: z.array(z.string()) }),
  filterable: ["title"],
});
type Report = z.infer<typeof reportWritten.schema>;

const place = { account: "000000000000", region: "us-east-1" };
const topicArn = "arn:aws:sns:us-east-1:000000000000:shop-reports";
const bucket = claimsBucketName("shop", place.account, place.region);
const large: Report = { title: "Q3", pages: Array.from({ length: 300 }, () => "é".repeat(500)) };
const keyOf = (id: string) => ledgerKey({ consumer: "LockStock", source: "/shop/web", id });

/** A publisher with a bucket of claims; `failing` answers what the next PUT throws. */
function publisherWorld({
  claims = {},
  store = inMemoryObjects(),
  failing = () => undefined,
}: {
  claims?: PublisherClaims;
  store?: InMemoryObjects;
  failing?: () => Error | undefined;
} = {}) {
  const clock = virtualClock();
  const topics = inMemoryTopics();
  const puts: string[] = [];
  const claimStore: ClaimStore = {
    get: store.get,
    async put(key, body, options) {
      puts.push(key);
      const error = failing();
      if (error) throw error;
      return store.put(key, body, options);
    },
  };
  const publisher = createPublisher({
    ...{ bus: "shop", source: "/shop/web", ...place, clock, topics, lingerMs: 0 },
    claims: { ...claims, store: claimStore },
  });
  const publish = (data: Report, id: string) => clock.until(publisher.publish(reportWritten, data, { id }));
  const sent = (): readonly WireMessage[] => topics.taken(topicArn);
  return { clock, topics, store, puts, publisher, publish, sent };
}

/** A consumer of reports that reads claims, and what its handler was given. */
function reader(
  store: ClaimStore,
  settings: Partial<ConsumerSettings> = {},
  parts: Partial<ConsumeOptions> = {},
) {
  const given: { data: Report; [name: string]: unknown }[] = [];
  const world = consumerWorld<typeof reportWritten>((event) => void given.push({ ...event }), {
    contracts: [reportWritten],
    settings: { claims: { keepMs: null }, ...settings },
    parts: { claimStore: store, ...parts },
  });
  return { ...world, given };
}

/** A message whose data is checked in, and the bucket that holds it. */
async function checkedIn(data: Report = large, id = "r-1") {
  const world = publisherWorld();
  await world.publish(data, id);
  const [message] = world.sent();
  if (!message) throw new Error("nothing was sent");
  return { message, store: world.store, key: world.puts[0] ?? "", clock: world.clock };
}

describe("a publisher with claims", () => {
  it("sends a reference in the place of data that is too large, when the data is stored", async () => {
    const { publish, sent, store, clock } = publisherWorld();

    await publish(large, "r-1");

    const hash = dataHash(large);
    const key = claimKey(hash, clock.nowMs());
    const body = JSON.parse(sent()[0]?.body ?? "") as Record<string, unknown>;
    expect([...store.objects.keys()]).toEqual([key]);
    expect(body).toMatchObject({ id: "r-1", dataref: claimRef(bucket, key), datarefhash: hash });
    expect(body.datarefbytes).toBe(store.objects.get(key)?.body.length);
    expect("data" in body).toBe(false);
    expect(sent()[0]?.attributes).toEqual({ type: "report.written", title: "Q3" });
  });

  it("leaves what fits as it is", async () => {
    const { publish, sent, puts } = publisherWorld();

    await publish({ title: "Q3", pages: [] }, "r-1");

    expect(puts).toEqual([]);
    expect(JSON.parse(sent()[0]?.body ?? "")).toMatchObject({ data: { title: "Q3" } });
  });

  it("refuses what is too large without claims, and says what to do", async () => {
    const { clock, topics } = publisherWorld();
    const publisher = createPublisher({ bus: "shop", source: "/shop/web", ...place, clock, topics });

    await expect(publisher.publish(reportWritten, large)).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining("claims: true"),
    });
  });

  it("refuses what is too large for a claim, before anything is stored or sent", async () => {
    const { publish, sent, puts } = publisherWorld({ claims: { maxBytes: 290_000 } });

    await expect(publish(large, "r-1")).rejects.toMatchObject({ code: "claim-too-large" });

    expect([puts, sent()]).toEqual([[], []]);
  });

  it("sends nothing before its data is stored, and then the same bytes", async () => {
    let tries = 0;
    const down = Object.assign(new Error("slow down"), { name: "SlowDown" });
    const { publish, sent, puts, topics } = publisherWorld({
      failing: () => (++tries < 3 ? down : undefined),
    });

    await publish(large, "r-1");

    expect(puts).toHaveLength(3);
    expect(new Set(puts).size).toBe(1);
    expect(topics.calls).toHaveLength(1);
    expect(sent()).toHaveLength(1);
  });

  it("stores once what the topic takes late", async () => {
    const { clock, store } = publisherWorld();
    let calls = 0;
    const puts: string[] = [];
    const topics = inMemoryTopics({
      onCall: () => {
        if (++calls < 3) throw Object.assign(new Error("no network"), { name: "TimeoutError" });
      },
    });
    const put: ClaimStore["put"] = (key, body) => {
      puts.push(key);
      return store.put(key, body);
    };
    const publisher = createPublisher({
      ...{ bus: "shop", source: "/shop/web", ...place, clock, topics },
      claims: { store: { ...store, put } },
    });

    await clock.until(publisher.publish(reportWritten, large));

    expect([puts.length, calls]).toEqual([1, 3]);
    expect(new Set(topics.calls.map(({ messages }) => messages[0]?.body)).size).toBe(1);
  });

  it("gives up where it has no right to store, without a try too many", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDenied" });
    const { publish, sent, puts } = publisherWorld({ failing: () => denied });

    await expect(publish(large, "r-1")).rejects.toMatchObject({
      failed: [{ code: "claim-not-stored", retryable: false }],
    });

    expect([puts.length, sent()]).toEqual([1, []]);
  });

  it("lets what stands beside it out when its data cannot be stored", async () => {
    const { clock, publisher, sent } = publisherWorld({
      failing: () => Object.assign(new Error("no"), { name: "AccessDenied" }),
    });

    const report = publisher.publishAll(reportWritten, [large, { title: "small", pages: [] }]);

    await expect(clock.until(report)).rejects.toMatchObject({ published: 1 });
    expect(sent()).toHaveLength(1);
  });

  it("counts what it holds until it is stored", async () => {
    let most = 0;
    let held = 0;
    const { clock, topics, store } = publisherWorld();
    const slow: ClaimStore = {
      ...store,
      async put(key, body) {
        held++;
        most = Math.max(most, held);
        await new Promise<void>((resolve) => clock.after(10, resolve));
        held--;
        return store.put(key, body);
      },
    };
    const publisher = createPublisher({
      ...{ bus: "shop", source: "/shop/web", ...place, clock, topics, maxWaitingBytes: 1_000_000 },
      claims: { store: slow },
    });
    let read = 0;
    async function* source() {
      for (let one = 0; one < 12; one++) {
        read++;
        yield { ...large, title: `report ${one}` };
        expect(read - topics.taken(topicArn).length).toBeLessThan(8);
      }
    }

    await expect(clock.until(publisher.publishAll(reportWritten, source()))).resolves.toEqual({
      published: 12,
    });

    expect(most).toBeLessThanOrEqual(4);
  });
});

describe("a consumer with claims", () => {
  it("hands the event to its handler as if the data had come with it", async () => {
    const { message, store } = await checkedIn();
    const { deliver, given, ledger } = reader(store);

    const answer = await deliver([record(message)]);

    expect(failures(answer)).toEqual([]);
    expect(given).toHaveLength(1);
    expect(given[0]).toMatchObject({ id: "r-1", version: 1, data: large });
    expect(Object.keys(given[0] ?? {}).filter((name) => name.startsWith("dataref"))).toEqual([]);
    expect(ledger.items.get(keyOf("r-1"))).toMatchObject({ state: "done", hash: dataHash(large) });
  });

  it("knows the same event again, wherever its data lay", async () => {
    const { message, store } = await checkedIn();
    const { deliver, given, lines } = reader(store);
    const [envelope] = decodeMessage(message.body);
    const { dataref, datarefbytes, datarefhash, ...head } = (envelope?.ok ? envelope.envelope : {}) as Record<
      string,
      unknown
    >;

    await deliver([record(message)]);
    await deliver([record(JSON.stringify({ ...head, data: large }))]);
    await deliver([record(JSON.stringify({ ...head, data: { ...large, title: "Q4" } }))]);

    expect([dataref, datarefbytes, datarefhash].includes(undefined)).toBe(false);
    expect(given).toHaveLength(1);
    expect(lines.map(({ outcome, reason }) => reason ?? outcome).filter(Boolean)).toEqual([
      "handled",
      "duplicate",
      "id-reused",
    ]);
  });

  it.each<
    [reason: string, change: (world: Awaited<ReturnType<typeof checkedIn>>) => Promise<unknown> | unknown]
  >([
    ["claim-missing", ({ store, key }) => store.delete([key])],
    ["claim-tampered", ({ store, key }) => store.put(key, Buffer.from("{}"))],
    [
      "claim-tampered",
      async ({ store, key }) => {
        const body = Buffer.from((await store.get(key))?.body ?? "");
        body.write("4", body.indexOf("Q3") + 1);
        await store.put(key, body);
      },
    ],
    [
      "claim-tampered",
      async ({ store, key }) =>
        store.put(key, Buffer.concat([(await store.get(key))?.body ?? Buffer.of(), Buffer.from(" ")])),
    ],
  ])("buries an event as %s, with the ledger's word", async (reason, change) => {
    const world = await checkedIn();
    await change(world);
    const { deliver, given, queues, ledger } = reader(world.store);

    const answer = await deliver([record(world.message)]);

    expect([failures(answer), given]).toEqual([[], []]);
    expect(queues.deadLetters).toHaveLength(1);
    expect(queues.deadLetters[0]?.body).toBe(world.message.body);
    expect(ledger.items.get(keyOf("r-1"))).toMatchObject({ state: "dead", reason, hash: dataHash(large) });
  });

  it("says that a claim has expired where it may have", async () => {
    const { message, store, key, clock } = await checkedIn();
    await store.delete([key]);
    const keepMs = 80 * 86_400_000;
    const { deliver, ledger } = reader(
      store,
      { claims: { keepMs } },
      { clock: virtualClock({ startMs: clock.nowMs() + keepMs + 86_400_000 }) },
    );

    await deliver([record(message)]);

    expect(ledger.items.get(keyOf("r-1"))).toMatchObject({ state: "dead", reason: "claim-expired" });
  });

  it.each([
    ["another bucket", (ref: string) => ref.replace(bucket, "someone-elses")],
    ["another folder", (ref: string) => ref.replace("/claims/", "/../claims/")],
    ["another protocol", (ref: string) => ref.replace("s3:", "https:")],
    ["a day that is none", (ref: string) => ref.replace(/\d{4}-\d{2}-\d{2}/, "2026-13-40")],
  ])("never reads from %s", async (_where, change) => {
    const { message, store } = await checkedIn();
    const reads: string[] = [];
    const get: ClaimStore["get"] = (key, range) => {
      reads.push(key);
      return store.get(key, range);
    };
    const { deliver, given, ledger } = reader({ ...store, get });
    const body = JSON.parse(message.body) as { dataref: string };

    await deliver([record(JSON.stringify({ ...body, dataref: change(body.dataref) }))]);

    expect([reads, given]).toEqual([[], []]);
    expect(ledger.items.get(keyOf("r-1"))).toMatchObject({ state: "dead", reason: "claim-foreign" });
  });

  it("reads nothing where its bus has no claims", async () => {
    const { message, store } = await checkedIn();
    const { ledger, deliver } = consumerWorld<typeof reportWritten>(() => {}, {
      contracts: [reportWritten],
      parts: { claimStore: store },
    });

    await deliver([record(message)]);

    expect(ledger.items.get(keyOf("r-1"))).toMatchObject({ state: "dead", reason: "claim-foreign" });
  });

  it("tries again as often as it takes when the bucket does not answer, and buries nothing", async () => {
    const { message, store } = await checkedIn();
    let down = true;
    const get: ClaimStore["get"] = async (key, range) => {
      if (down) throw new Error("no route to host");
      return store.get(key, range);
    };
    const { deliver, given, queues, lines } = reader({ ...store, get }, { attempts: 2 });
    let one = record(message);

    for (let receives = 0; receives < 6; receives++) {
      expect(failures(await deliver([one]))).toEqual([one.messageId]);
      one = again(one);
    }
    down = false;
    await deliver([one]);

    expect(queues.deadLetters).toEqual([]);
    expect(given).toHaveLength(1);
    expect(lines[0]).toMatchObject({ outcome: "retry", reason: "claim-unavailable" });
  });

  it("is held when the bucket is down, and reads nothing while it is", async () => {
    const { message, store } = await checkedIn();
    const holds = inMemoryHolds();
    let reads = 0;
    const get: ClaimStore["get"] = async () => {
      reads++;
      throw new Error("no route to host");
    };
    const breaker = { failures: 5, windowMs: 30_000, probeMs: 10_000 };
    const { deliver, lines } = reader({ ...store, get }, { breaker }, { holds });
    const five = () =>
      Array.from({ length: 5 }, (_, index) => record(message.body.replace("r-1", `r-${index}`)));

    await deliver(five());
    const [held] = await holds.read(["LockStock"]);
    const before = reads;
    await deliver(five());

    expect(held?.holds).toMatchObject([{ name: "breaker:claim-bucket" }]);
    expect(reads).toBe(before);
    expect(lines.at(-2)).toMatchObject({ outcome: "retry", reason: "hold" });
  });

  it("reads no more at once than a function has memory for, and all of it in the end", async () => {
    const { message, store } = await checkedIn();
    const { deliver, given } = reader(store);
    const body = JSON.parse(message.body) as Record<string, unknown>;
    const huge = record(JSON.stringify({ ...body, id: "r-2", datarefbytes: 40 * 1024 * 1024 }));

    const answer = await deliver([huge, record(message)]);

    expect(failures(answer)).toHaveLength(1);
    expect(given).toEqual([]);
    expect(failures(await deliver([record(message)]))).toEqual([]);
    expect(given).toHaveLength(1);
  });

  it("answers in time when the bucket hangs", async () => {
    const { message, store } = await checkedIn();
    const { deliver, ends } = reader({ ...store, get: () => new Promise(() => {}) });
    const one = record(message);

    const answer = await deliver([one, record(message.body.replace("r-1", "r-2"))], { remainingMs: 5_000 });

    expect(failures(answer)).toHaveLength(2);
    expect(ends()).toBe(0);
  });

  it("keeps the order of a group behind an event that it cannot read yet", async () => {
    const { message, store } = await checkedIn();
    const { schema } = reportWritten;
    const ordered = defineEvent("report.written", { version: 1, topic: "reports.fifo", schema });
    const given: string[] = [];
    const world = consumerWorld<typeof ordered>((event) => void given.push(event.id), {
      contracts: [ordered],
      settings: { claims: { keepMs: null }, fifo: true },
      parts: {
        claimStore: {
          ...store,
          get: async () => {
            throw new Error("down");
          },
        },
      },
    });
    const small = { ...(JSON.parse(message.body) as object), id: "r-2", data: { title: "", pages: [] } };

    const answer = await world.deliver([
      record(message, { group: "g" }),
      record(JSON.stringify(small), { group: "g" }),
      record(JSON.stringify({ ...small, id: "r-3" }), { group: "other" }),
    ]);

    expect(failures(answer)).toHaveLength(2);
    expect(given).toEqual(["r-3"]);
  });
});
