import { describe, expect, it } from "@jest/globals";
import { createStreamPoller, inMemoryStream } from "../../../local/mapping/streams/index.ts";
import { virtualClock } from "../../../local/testing/virtual-clock.ts";
import { streamRig } from "../../helpers/stream-rig.ts";

const never = new AbortController().signal;
const onQuiet = () => {};

describe("createStreamPoller", () => {
  it("asks a quiet stream once a second, for all of its mappings together", async () => {
    const rig = streamRig();
    const mappings = ["a", "b", "c"].map((uuid) => rig.start({ uuid }));
    await rig.clock.advance(5_000);
    const before = rig.reads;

    await rig.clock.advance(60_000);

    expect(rig.reads - before).toBeLessThanOrEqual(61);
    expect(rig.reads - before).toBeGreaterThanOrEqual(59);
    rig.put(1);
    await rig.clock.advance(1_100);
    expect(rig.batches).toEqual([["0"], ["0"], ["0"]]);
    await Promise.all(mappings.map((mapping) => mapping.stop()));
    expect(rig.clock.pending).toBe(0);
  });

  it("asks at once, and soon again, when something has come", async () => {
    const clock = virtualClock();
    const table = inMemoryStream({ clock, pageRecords: 1 });
    const poller = createStreamPoller(table, clock);
    table.put({ id: "a" });
    table.put({ id: "b" });

    const first = await poller.next("shardId-00000001", "0", { signal: never, onQuiet });
    const second = await poller.next("shardId-00000001", first?.next ?? "", { signal: never, onQuiet });
    const third = poller.next("shardId-00000001", second?.next ?? "", { signal: never, onQuiet });
    await clock.advance(50);
    table.put({ id: "c" });
    await clock.advance(50);

    expect(first?.records.map(({ dynamodb }) => dynamodb.Keys.id)).toEqual(["a"]);
    expect((await third)?.records.map(({ dynamodb }) => dynamodb.Keys.id)).toEqual(["c"]);
  });

  it("reads once for two who wait at one place, and lets one leave without the other", async () => {
    const clock = virtualClock();
    const table = inMemoryStream({ clock });
    let reads = 0;
    const poller = createStreamPoller(
      {
        ...table,
        read: (...given) => {
          reads++;
          return table.read(...given);
        },
      },
      clock,
    );
    const leaving = new AbortController();
    const gone = poller.next("shardId-00000001", "0", { signal: leaving.signal, onQuiet });
    const staying = poller.next("shardId-00000001", "0", { signal: never, onQuiet });
    await clock.advance(10);
    leaving.abort();
    table.put({ id: "a" });
    await clock.advance(100);

    expect(await gone).toBeUndefined();
    expect((await staying)?.records).toHaveLength(1);
    expect(reads).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it("tries a read again that failed, and says so", async () => {
    const clock = virtualClock();
    const table = inMemoryStream({ clock });
    table.put({ id: "a" });
    const failures: unknown[] = [];
    let reads = 0;
    const poller = createStreamPoller(
      {
        ...table,
        read: (...given) => (++reads < 3 ? Promise.reject(new Error("no")) : table.read(...given)),
      },
      clock,
      (error) => failures.push(error),
    );

    const page = poller.next("shardId-00000001", "0", { signal: never, onQuiet });
    await clock.advance(1_000);

    expect((await page)?.records).toHaveLength(1);
    expect(failures).toHaveLength(2);
  });
});
