import { describe, it } from "@jest/globals";
import { sourceConformance } from "../../../local/testing/source-conformance.ts";
import { dataHash } from "../../../src/contract/index.ts";
import type { Entry, LedgerSource } from "../../../src/reconcile/index.ts";
import { archiveSource } from "../../../src/reconcile/sources/archive-source.ts";
import { journalSource } from "../../../src/reconcile/sources/journal-source.ts";
import { consumer, minuteMs, type Published, sealedWorld } from "./sealed-world.ts";

const grainMs = 5 * minuteMs;
const types = ["order.created", "order.paid", "stock.locked"];
const hashOf = (index: number) => dataHash({ index }).slice(0, 32);

/** The event of an entry, whose hash is that of its data. */
function eventOf({ key, timeMs, fields }: Entry, indexes: ReadonlyMap<unknown, number>): Published {
  const [source = "", ...id] = key.split("\n");
  const data = { index: indexes.get(fields.hash) };
  return { source, id: id.join("\n"), type: String(fields.type), timeMs, data };
}

/** A source over the entries, written as they happened, in spans of a quarter of an hour. */
const made =
  (write: "archive" | "complete", sourceOf: (world: ReturnType<typeof sealedWorld>) => LedgerSource) =>
  async (entries: readonly Entry[]) => {
    const world = sealedWorld({ startMs: Date.UTC(2026, 0, 1), spanMs: 15 * minuteMs });
    const indexes = new Map(entries.map((_, index) => [hashOf(index), index]));
    for (let index = 0; index < 2_000; index++) indexes.set(hashOf(index), index);
    const spans = Map.groupBy(entries, ({ timeMs }) => Math.floor(timeMs / (15 * minuteMs)));
    for (const [, some] of [...spans].sort(([one], [other]) => one - other)) {
      const lastMs = Math.max(...some.map(({ timeMs }) => timeMs));
      await world.clock.advance(Math.max(0, lastMs - world.clock.nowMs()));
      const half = Math.ceil(some.length / 2);
      for (const part of [some.slice(half), some.slice(0, half)]) {
        if (part.length > 0) await world[write](part.map((entry) => eventOf(entry, indexes)));
      }
    }
    await world.seal();
    return sourceOf(world);
  };

const options = {
  spanMs: grainMs,
  fields: (index: number) => ({ hash: hashOf(index), type: types[index % types.length] ?? "" }),
  key: (name: string) => `/books/one\n${name}`,
  misled: false,
  repeats: false,
};

describe("archiveSource", () => {
  const everything = made("archive", ({ books, handled }) =>
    archiveSource({ book: books.archive, wanted: () => "yes", handled }),
  );
  const suite = sourceConformance(everything, options);
  for (const { name, check } of suite) it(name, check);
});

describe("archiveSource where lines must be looked at one by one", () => {
  const oneByOne = made("archive", ({ books, handled }) =>
    archiveSource({
      book: books.archive,
      wanted: (_, fromMs, toMs) => (fromMs === toMs ? "yes" : "grey"),
      handled,
    }),
  );
  for (const { name, check } of sourceConformance(oneByOne, options)) it(name, check);
});

describe("journalSource", () => {
  const completed = made("complete", ({ books, handled }) =>
    journalSource({ book: books.journal, consumer, handled }),
  );
  for (const { name, check } of sourceConformance(completed, options)) it(name, check);
});
