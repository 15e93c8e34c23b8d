import { describe, expect, it } from "@jest/globals";
import { addDigests, emptyDigest, indexedEntries, wholeSpan } from "../../../src/reconcile/index.ts";
import { atOnce } from "../../../src/reconcile/sealed/at-once.ts";
import { frontMs } from "../../../src/reconcile/sealed/front.ts";
import { keptMap } from "../../../src/reconcile/sealed/kept-map.ts";
import { sealedSource } from "../../../src/reconcile/sealed/sealed-source.ts";
import type { Selection } from "../../../src/reconcile/sealed/selection.ts";
import { turnedUpIn } from "../../../src/reconcile/sealed/turned-up.ts";
import { consumer, dayMs, hourMs, minuteMs, sealedWorld } from "../sources/sealed-world.ts";

const everything: Selection = { ofSet: () => "all", ofLine: () => true };
const grainMs = 5 * minuteMs;

describe("sealedBook", () => {
  it("answers as it was at the last refresh, and reads nothing twice", async () => {
    const world = sealedWorld();
    const gets: string[] = [];
    const { get } = world.store;
    world.store.get = (key, range) => {
      gets.push(key);
      return get(key, range);
    };
    const { archive: book } = world.books;
    await world.archive([{ id: "a", timeMs: world.clock.nowMs() }]);
    await world.seal();
    const source = sealedSource({ name: "archive", book, selection: everything });
    const all = wholeSpan(0, Number.MAX_SAFE_INTEGER);
    expect((await source.digest([all]))[0]?.count).toBe(1);
    await world.archive([{ id: "b", timeMs: world.clock.nowMs() }]);
    await world.seal();

    expect((await source.digest([all]))[0]?.count).toBe(1);
    book.refresh();
    gets.splice(0);
    const next = sealedSource({ name: "archive", book, selection: everything });
    expect((await next.digest([all]))[0]?.count).toBe(2);
    await next.digest([all]);
    const sidecars = gets.filter((key) => key.endsWith(".json") && !key.endsWith("manifest.json"));
    expect(sidecars).toHaveLength(1);
  });

  it("tells where the first span is that is not sealed", async () => {
    const world = sealedWorld();
    const { archive: book } = world.books;
    const beganMs = world.clock.nowMs();
    await world.archive([{ id: "a", timeMs: beganMs }]);
    await world.seal(2 * hourMs);
    expect(await book.unsealedFromMs(beganMs)).toBeUndefined();

    const openMs = world.clock.nowMs();
    await world.archive([{ id: "b", timeMs: openMs }]);
    book.refresh();

    expect(await book.unsealedFromMs(beganMs)).toBe(Math.floor(openMs / hourMs) * hourMs);
  });
});

describe("sealedSource", () => {
  it("reads lines where a segment has too many sets for its sidecar", async () => {
    const world = sealedWorld();
    const timeMs = world.clock.nowMs();
    const events = Array.from({ length: 300 }, (_, nth) => ({
      id: `e-${nth}`,
      timeMs: timeMs + nth,
      attributes: { customer: { Type: "String", Value: `c-${nth}` } },
    }));
    await world.archive(events);
    await world.seal();
    const [segment] = await world.books.archive.over(0, Number.MAX_SAFE_INTEGER);
    expect(segment && (await world.books.archive.sidecar(segment)).sets).toBeUndefined();

    const source = sealedSource({ name: "archive", book: world.books.archive, selection: everything });
    const window = wholeSpan(timeMs, timeMs + hourMs);
    const { entries } = await source.entries(window);
    const right = indexedEntries({ name: "right", entries, spanMs: grainMs });

    expect(entries).toHaveLength(300);
    expect(await source.digest([window])).toEqual(await right.digest([window]));
  });

  it("adds sets that belong and lines that do up, where others do not", async () => {
    const world = sealedWorld();
    const timeMs = world.clock.nowMs();
    await world.archive([
      ...["a", "b"].map((id) => ({ id, timeMs })),
      ...["c", "d"].map((id) => ({ id, timeMs, type: "order.paid" })),
      ...["e"].map((id) => ({ id, timeMs, type: "stock.locked" })),
    ]);
    await world.seal();
    const typeOf = (set: unknown) =>
      (set as { attributes: { type: { StringValue: string } } }).attributes.type.StringValue;
    const source = sealedSource({
      name: "archive",
      book: world.books.archive,
      selection: {
        ofSet: (set) =>
          typeOf(set) === "order.created" ? "all" : typeOf(set) === "order.paid" ? "some" : "none",
        ofLine: ({ entry, type }) => type === "order.created" || entry?.key.endsWith("c") === true,
      },
    });
    const window = wholeSpan(timeMs, timeMs + hourMs);

    const { entries } = await source.entries(window);
    expect(entries.map(({ key }) => key.split("\n")[1]).sort()).toEqual(["a", "b", "c"]);
    expect((await source.digest([window]))[0]?.count).toBe(3);
    const halves = [
      { ...window, toBucket: 2 ** 31 },
      { ...window, fromBucket: 2 ** 31 },
    ];
    expect((await source.digest(halves)).reduce(addDigests, emptyDigest)).toEqual(
      (await source.digest([window]))[0],
    );
  });
});

describe("turnedUpIn", () => {
  it("tells each stretch of time once, as soon as something of it is sealed, late or not", async () => {
    const world = sealedWorld();
    const { archive: book } = world.books;
    const look = async (since: string | undefined) => {
      book.refresh();
      return turnedUpIn(book, everything, since);
    };
    const beganMs = world.clock.nowMs();
    await world.archive([{ id: "a", timeMs: beganMs }]);
    await world.seal();
    const first = await look(undefined);
    expect(first.spans).toEqual([]);

    await world.archive([
      { id: "b", timeMs: beganMs + minuteMs },
      { id: "c", timeMs: beganMs + hourMs },
    ]);
    await world.seal();
    const second = await look(first.to);
    expect(second.spans).toEqual([
      { fromMs: beganMs, toMs: beganMs + grainMs },
      { fromMs: beganMs + hourMs, toMs: beganMs + hourMs + grainMs },
    ]);
    expect((await look(second.to)).spans).toEqual([]);

    await world.seal(3 * dayMs);
    const third = await look(second.to);
    expect(third.spans).toEqual([]);
    expect(third.to.length).toBeLessThan(200);
  });

  it("tells of nothing that does not belong, and of segments that were appended to a span", async () => {
    const world = sealedWorld();
    const { journal: book } = world.books;
    const none: Selection = { ofSet: () => "none", ofLine: () => false };
    book.refresh();
    const { to } = await turnedUpIn(book, everything, undefined);
    await world.complete([{ id: "a", timeMs: world.clock.nowMs() }]);
    await world.seal(hourMs + 2 * minuteMs);
    // A raw object that turns up in a span that is sealed: as a copy under another name.
    const { value } = await world.store.list("raw/journal/")[Symbol.asyncIterator]().next();
    const { body } = (await world.store.get(value?.key)) ?? {};
    book.refresh();
    const sealed = await turnedUpIn(book, everything, to);
    expect(sealed.spans).toHaveLength(1);
    expect((await turnedUpIn(book, none, to)).spans).toEqual([]);

    await world.store.put(
      `${value?.key}`.replace(/[0-9a-f]{4}\.ndjson/, "ffff.ndjson"),
      body ?? Buffer.alloc(0),
    );
    await world.seal(minuteMs);
    book.refresh();
    // All of its lines are known: nothing was appended.
    expect((await turnedUpIn(book, everything, sealed.to)).spans).toEqual([]);
  });
});

describe("frontMs", () => {
  it("is where nine of ten were later, of what was written last; unknown where nothing was", async () => {
    const world = sealedWorld();
    const { journal: book } = world.books;
    const isIts = (set: unknown) => (set as { consumer: string }).consumer === consumer;
    expect(await frontMs(book, isIts)).toBeUndefined();
    const nowMs = world.clock.nowMs();
    await world.complete([
      { id: "old", timeMs: nowMs - dayMs },
      ...Array.from({ length: 19 }, (_, nth) => ({ id: `e-${nth}`, timeMs: nowMs - nth * minuteMs })),
    ]);
    await world.complete([{ id: "other", timeMs: nowMs - 7 * dayMs, by: "Mail" }]);
    await world.seal();
    book.refresh();

    expect(await frontMs(book, isIts)).toBe(Math.floor((nowMs - 18 * minuteMs) / grainMs) * grainMs);
    expect(await frontMs(book, () => false)).toBeUndefined();
  });
});

describe("keptMap", () => {
  it("makes each answer once, and forgets the one that was not asked for the longest", async () => {
    const kept = keptMap<string, string>(5, (value) => value.length);
    const made: string[] = [];
    const ask = (key: string) =>
      kept.get(key, async () => {
        made.push(key);
        return "xx";
      });

    await Promise.all([ask("a"), ask("a"), ask("b")]);
    await ask("a");
    await ask("c");
    await Promise.all([ask("a"), ask("c")]);
    expect(made).toEqual(["a", "b", "c"]);
    await ask("b");
    expect(made).toEqual(["a", "b", "c", "b"]);
  });

  it("keeps one that is larger than its room, and no failure", async () => {
    const kept = keptMap<string, string>(1, (value) => value.length);
    const fails = () => Promise.reject(new Error("S3 is down"));

    await expect(kept.get("a", fails)).rejects.toThrow("S3 is down");
    expect(await kept.get("a", async () => "large")).toBe("large");
    expect(await kept.get("a", fails)).toBe("large");
  });
});

describe("atOnce", () => {
  it("works on so many at a time, answers in order, and throws the first failure", async () => {
    let [now, most] = [0, 0];
    const answers = await atOnce([5, 1, 4, 2, 3], 2, async (one) => {
      most = Math.max(most, ++now);
      for (let turn = 0; turn < one; turn++) await Promise.resolve();
      now--;
      return one * 10;
    });

    expect(answers).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
    expect(await atOnce([], 4, async () => 1)).toEqual([]);
    await expect(atOnce([1, 2], 2, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
