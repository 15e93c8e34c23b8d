import { describe, expect, it } from "@jest/globals";
import {
  type ArchiveError,
  findOffset,
  lineMatcher,
  openBusArchive,
  type WantedLines,
} from "../../../ops/archive/index.ts";
import { lastLines } from "../../../ops/archive/last-lines.ts";
import { matchingLines } from "../../../ops/archive/matching-lines.ts";
import { formatOffset, inMemoryObjects, parseOffset, type ReadLine } from "../../../src/segments/index.ts";
import { watched } from "../../segments/notes.ts";
import { beginMs, keptBus, minuteMs } from "./kept-bus.ts";

const idOf = ({ line, offset }: ReadLine) =>
  `${line.identity.split("\n")[1] ?? line.identity}${offset ? ` @ ${formatOffset(offset)}` : ""}`;

async function idsOf(lines: AsyncIterable<ReadLine> | readonly ReadLine[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const one of lines) ids.push(idOf(one));
  return ids;
}

const all = () => true;

/** Two sealed spans, `a` to `d`, and one that is open, `e` and `f`. */
async function threeSpans() {
  const bus = keptBus();
  for (const [first, second] of ["ab", "cd"]) {
    await bus.events({ id: first }, { id: second, type: "order.paid" });
    await bus.clock.advance(minuteMs);
  }
  await bus.clock.advance(5_000);
  await bus.seal();
  await bus.events({ id: "e" }, { id: "f", subject: "o-6", correlationid: "c-6" });
  return bus;
}

describe("openBusArchive", () => {
  it("takes the length of a span from what is sealed, also when nothing was written for a year", async () => {
    const bus = await threeSpans();

    expect((await bus.open()).archive.spanMs).toBe(minuteMs);
    await bus.clock.advance(365 * 86_400_000);
    expect((await bus.open()).journal.spanMs).toBe(minuteMs);
  });

  it("takes it for an hour where nothing is sealed", async () => {
    const { archive } = await openBusArchive({ bus: "shop", store: inMemoryObjects() });

    expect(archive.spanMs).toBe(3_600_000);
  });
});

describe("matchingLines", () => {
  it("reads from any offset on, sealed lines with theirs, then what is open", async () => {
    const { archive } = await (await threeSpans()).open();

    const lines = await idsOf(
      matchingLines(archive, { from: parseOffset("2026-11-27-01-30/0/1"), matches: all }),
    );

    expect(lines).toEqual([
      "b @ 2026-11-27-01-30/0/1",
      "c @ 2026-11-27-01-31/0/0",
      "d @ 2026-11-27-01-31/0/1",
      "e",
      "f",
    ]);
  });

  it("ends before an offset, and leaves out what has none", async () => {
    const { archive } = await (await threeSpans()).open();
    const endingAt = (to: string) => idsOf(matchingLines(archive, { to: parseOffset(to), matches: all }));

    expect(await endingAt("2026-11-27-01-31/0/1")).toEqual([
      "a @ 2026-11-27-01-30/0/0",
      "b @ 2026-11-27-01-30/0/1",
      "c @ 2026-11-27-01-31/0/0",
    ]);
    expect(await endingAt("2026-11-27-01-30/0/0")).toEqual([]);
    expect(await endingAt("2026-11-27-09-00/0/0")).toHaveLength(4);
  });

  it("reads between two times, so many, and no further", async () => {
    const bus = await threeSpans();
    const gets: string[] = [];
    const store = watched(bus.store, (call, key) => {
      if (call === "get" && key.endsWith(".gz")) gets.push(key.split("/")[2] ?? "");
    });
    const { archive } = await openBusArchive({ bus: "shop", store, clock: bus.clock });

    const fromMs = beginMs + minuteMs;
    const found = await idsOf(
      matchingLines(archive, { fromMs, toMs: fromMs + minuteMs, limit: 1, matches: all }),
    );

    expect(found).toEqual(["c @ 2026-11-27-01-31/0/0"]);
    expect(gets).toEqual(["span=2026-11-27-01-31"]);
  });
});

describe("lineMatcher", () => {
  it.each([
    [{ type: ["order.paid"] }, ["b", "d"]],
    [{ type: ["order.p*"] }, ["b", "d"]],
    [{ type: ["order.created", "order.paid"], id: ["a", "d", "x"] }, ["a", "d"]],
    [{ subject: ["o-6"] }, ["f"]],
    [{ correlationid: ["c-6"], source: ["/shop/*"] }, ["f"]],
    [{ topic: ["orders"], id: ["c"] }, ["c"]],
    [{ topic: ["stock"] }, []],
    [{ consumer: ["LockStock"] }, []],
    [{ type: ["order"] }, []],
    [{ id: ["*"] }, ["a", "b", "c", "d", "e", "f"]],
  ] satisfies [WantedLines, string[]][])("finds %j", async (wanted, ids) => {
    const { archive } = await (await threeSpans()).open();

    const found = await idsOf(matchingLines(archive, { matches: lineMatcher(wanted) }));

    expect(found.map((one) => one.split(" ")[0])).toEqual(ids);
  });

  it("leaves out what is no event where a type is asked for, and takes it where none is", async () => {
    const bus = keptBus();
    await bus.message("no event", { messageId: "m-1" });
    const { archive } = await bus.open();

    expect(await idsOf(matchingLines(archive, { matches: lineMatcher({ type: ["*"] }) }))).toEqual([]);
    expect(await idsOf(matchingLines(archive, { matches: lineMatcher({}) }))).toEqual(["m-1"]);
  });

  it("reads the journal's own fields", async () => {
    const bus = keptBus();
    await bus.ends(
      { id: "a" },
      { id: "b", state: "dead", reason: "permanent" },
      { id: "c", consumer: "Ship" },
    );
    const { journal } = await bus.open();
    const found = async (wanted: WantedLines) => {
      const lines = matchingLines(journal, { matches: lineMatcher(wanted) });
      return (await idsOf(lines)).sort();
    };

    expect(await found({ consumer: ["LockStock"] })).toEqual(["/shop/web", "/shop/web"]);
    expect(await found({ consumer: ["LockStock"], state: ["dead"] })).toEqual(["/shop/web"]);
  });
});

describe("lastLines", () => {
  it("answers the newest ones that match, in their order", async () => {
    const { archive } = await (await threeSpans()).open();
    const last = async (count: number, wanted: WantedLines = {}) =>
      idsOf(await lastLines(archive, { count, withinMs: 10 * minuteMs, matches: lineMatcher(wanted) }));

    expect(await last(3)).toEqual(["d @ 2026-11-27-01-31/0/1", "e", "f"]);
    expect(await last(2, { type: ["order.paid"] })).toEqual([
      "b @ 2026-11-27-01-30/0/1",
      "d @ 2026-11-27-01-31/0/1",
    ]);
    expect(await last(100)).toHaveLength(6);
  });

  it("answers nothing that is older than asked for", async () => {
    const bus = await threeSpans();
    await bus.clock.advance(10 * minuteMs);
    const { archive } = await bus.open();

    const within = async (minutes: number) =>
      idsOf(await lastLines(archive, { count: 20, withinMs: minutes * minuteMs, matches: all }));

    expect(await within(9)).toEqual([]);
    expect(await within(10)).toEqual(["e", "f"]);
    expect(await within(60)).toHaveLength(6);
  });

  it("opens no old objects where new ones have enough", async () => {
    const bus = keptBus();
    for (let n = 0; n < 30; n++) {
      await bus.events({ id: `o-${n}` });
      await bus.clock.advance(1_000);
    }
    let opened = 0;
    const store = watched(bus.store, (call, key) => {
      if (call === "get" && key.startsWith("raw/")) opened++;
    });
    const { archive } = await openBusArchive({ bus: "shop", store, clock: bus.clock });

    const last = await lastLines(archive, { count: 5, withinMs: 10 * minuteMs, matches: all });

    expect(await idsOf(last)).toEqual(["o-25", "o-26", "o-27", "o-28", "o-29"]);
    expect(opened).toBe(10);
  });
});

describe("findOffset", () => {
  const problemOf = async (text: string): Promise<ArchiveError | undefined> => {
    const { archive } = await (await threeSpans()).open();
    const offset = parseOffset(text);
    if (!offset) throw new Error(`${text} is no offset`);
    return findOffset(archive, offset).then(
      () => undefined,
      (thrown: ArchiveError) => thrown,
    );
  };

  it.each(["2026-11-27-01-30/0/0", "2026-11-27-01-31/0/1"])("finds %s", async (text) => {
    expect(await problemOf(text)).toBeUndefined();
  });

  it.each([
    [
      "2026-11-27-01-32/0/0",
      "span-unsealed",
      "offset 2026-11-27-01-32/0/0: span 2026-11-27-01-32 is not sealed yet, and its lines have no offsets until it is: give a time",
    ],
    [
      "2026-11-27-05-00/0/0",
      "span-unknown",
      "offset 2026-11-27-05-00/0/0: there is no span 2026-11-27-05-00; there are some from 2026-11-27-01-30 to 2026-11-27-01-32",
    ],
    [
      "2026-11-27-01-30/2/0",
      "offset-unknown",
      "offset 2026-11-27-01-30/2/0: span 2026-11-27-01-30 has 1 segment, 0",
    ],
    [
      "2026-11-27-01-30/0/2",
      "offset-unknown",
      "offset 2026-11-27-01-30/0/2: segment 0 of span 2026-11-27-01-30 ends at 2026-11-27-01-30/0/1",
    ],
  ])("says of %s what is there instead", async (text, code, message) => {
    expect(await problemOf(text)).toMatchObject({ code, message });
  });

  it("says so where there is nothing at all", async () => {
    const { archive } = await keptBus().open();

    await expect(findOffset(archive, { span: "2026-11-27-01-30", segment: 0, line: 0 })).rejects.toThrow(
      "there is no span 2026-11-27-01-30; there is nothing in the archive yet",
    );
  });
});
