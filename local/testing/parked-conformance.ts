import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { GroupChange, ParkedGroup, ParkedMessage, ParkedStore } from "../../src/parking/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** What every `ParkedStore` must do. Consumers of this run are never used twice, so one table will do for all. */
export function parkedConformance(
  make: () => Promise<ParkedStore> | ParkedStore,
  /** Makes the consumers' names this run's own. */
  run = String(systemClock.nowMs()),
): readonly ConformanceCheck[] {
  let consumers = 0;
  const world = async () => {
    const store = await make();
    const consumer = `Conformance-${run}-${consumers++}`;
    const marker = (revision: number, more: Partial<ParkedGroup> = {}): ParkedGroup => ({
      ...{ consumer, group: "a", revision, first: 1, tail: 1, sinceMs: 1_000, recent: ["m-1"] },
      poison: { key: "k", reason: "permanent", attempts: 1, diedAtMs: 1_000 },
      release: undefined,
      ...more,
    });
    const change = (from: number, to: ParkedGroup | undefined, more: Partial<GroupChange> = {}) =>
      store.change({ consumer, group: to?.group ?? "a", from, to, put: [], remove: [], ...more });
    const bodies = async (from = 1, most = 100) =>
      (await store.line(consumer, "a", from, most)).map(({ message }) => message.body);
    return { store, consumer, marker, change, bodies };
  };
  const check = (name: string, body: () => Promise<void>): ConformanceCheck => ({ name, check: body });

  return [
    check("knows no marker of a group that was never parked, and no line", async () => {
      const { store, consumer, bodies } = await world();

      assert.equal((await store.read(consumer, ["a", "b"])).size, 0);
      assert.deepEqual(await bodies(), []);
      assert.deepEqual((await store.list(consumer)).groups, []);
    }),

    check("gives back a marker and its line as they were written, whatever is in them", async () => {
      const { store, consumer, marker, change } = await world();
      const written = marker(1, {
        group: "customer/17 !~".replace(" ", "#"),
        tail: 2,
        poison: {
          ...{ key: "k", id: "ü-1", type: "order.created", reason: "permanent", attempts: 7, diedAtMs: 5 },
          error: { name: "PermanentError", message: 'no "stock" \u0007' },
        },
        release: { id: "r-1", sinceMs: 9, skip: { key: "k", place: 1 } },
      });
      const message: ParkedMessage = {
        messageId: "m-1",
        body: '{"text":"ümlaut 漢字 🚌"}',
        attributes: { MessageGroupId: written.group, ApproximateFirstReceiveTimestamp: "7" },
        messageAttributes: {
          type: { dataType: "String", stringValue: "order.created" },
          bytes: { dataType: "Binary", binaryValue: "AAEC" },
        },
      };

      assert.equal(await change(0, written, { put: [{ place: 1, message }] }), true);

      assert.deepEqual((await store.read(consumer, [written.group])).get(written.group), written);
      const [entry, ...others] = await store.line(consumer, written.group, 1, 10);
      assert.deepEqual(
        { place: entry?.place, message: entry?.message, others },
        { place: 1, message, others: [] },
      );
    }),

    check("reads the markers of many groups at once, and only those that there are", async () => {
      const { store, consumer, marker, change } = await world();
      const groups = Array.from({ length: 10 }, (_, index) => `group-${index}`);
      for (const group of groups.slice(0, 4)) await change(0, marker(1, { group }));

      const found = await store.read(consumer, groups);

      assert.deepEqual([...found.keys()].sort(), groups.slice(0, 4));
    }),

    check("changes a marker from the revision that was read, and from no other", async () => {
      const { store, consumer, marker, change } = await world();

      assert.equal(await change(0, marker(1)), true);
      assert.equal(await change(0, marker(1)), false);
      assert.equal(await change(1, marker(2, { tail: 5 })), true);
      assert.equal(await change(1, marker(2, { tail: 9 })), false);
      assert.equal(await change(1, undefined), false);

      assert.equal((await store.read(consumer, ["a"])).get("a")?.tail, 5);
    }),

    check("leaves the line alone when the marker may not be changed", async () => {
      const { marker, change, bodies } = await world();
      await change(0, marker(1), { put: [at(1)] });

      const put = [at(2)];
      const remove = [{ place: 1, parts: 1 }];
      assert.equal(await change(0, marker(1), { put, remove }), false);
      assert.equal(await change(7, marker(8), { put, remove }), false);

      assert.deepEqual(await bodies(), ["body-1"]);
    }),

    check("lets one of many changes from one revision through", async () => {
      const { marker, change, bodies } = await world();
      await change(0, marker(1), { put: [at(1)] });

      const answers = await Promise.all(
        [2, 3, 4, 5].map((place) => change(1, marker(2, { tail: place }), { put: [at(place)] })),
      );

      assert.equal(answers.filter((answer) => answer).length, 1);
      assert.equal((await bodies()).length, 2);
    }),

    check("keeps a line in order, from a place on, and no more than asked for", async () => {
      const { marker, change, bodies } = await world();
      const places = [9, 2, 11, 100, 1, 10];
      await change(0, marker(1), { put: places.map((place) => at(place)) });

      assert.deepEqual(await bodies(), ["body-1", "body-2", "body-9", "body-10", "body-11", "body-100"]);
      assert.deepEqual(await bodies(9, 2), ["body-9", "body-10"]);
      assert.deepEqual(await bodies(101), []);
    }),

    check("takes messages out of a line, and the marker with the last of them", async () => {
      const { store, consumer, marker, change, bodies } = await world();
      await change(0, marker(1, { tail: 3 }), { put: [at(1), at(2), at(3)] });
      const entries = await store.line(consumer, "a", 1, 10);

      await change(1, marker(2, { first: 3, tail: 3 }), { remove: entries.slice(0, 2) });
      assert.deepEqual(await bodies(), ["body-3"]);
      await change(2, undefined, { remove: entries.slice(2) });

      assert.deepEqual(await bodies(), []);
      assert.equal((await store.read(consumer, ["a"])).size, 0);
      assert.equal(await change(0, marker(1)), true);
    }),

    check(
      "takes messages of any size that SQS takes, byte for byte, also in the middle of a line",
      async () => {
        const { store, consumer, marker, change } = await world();
        // Odd, so that pairs of units lie across every border.
        const large = `x${"🚌".repeat(150_000)}"\\`;
        await change(0, marker(1, { tail: 3 }), { put: [at(1), at(2, large), at(3)] });

        const entries = [];
        for (let from = 1; from <= 3; from = (entries.at(-1)?.place ?? from) + 1) {
          const found = await store.line(consumer, "a", from, 10);
          assert.ok(found.length > 0, `nothing from ${from} on`);
          entries.push(...found);
        }

        assert.deepEqual(
          entries.map(({ place, message }) => [place, message.body === large]),
          [
            [1, false],
            [2, true],
            [3, false],
          ],
        );
        await change(1, undefined, { remove: entries });
        assert.deepEqual(await store.line(consumer, "a", 1, 10), []);
      },
    ),

    check("tells all groups of one consumer, and of no other", async () => {
      const { store, consumer, marker, change } = await world();
      const other = await world();
      const groups = Array.from({ length: 40 }, (_, index) => `group-${String(index).padStart(2, "0")}`);
      for (const group of groups) await change(0, marker(1, { group }));
      await other.change(0, other.marker(1));

      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list(consumer, cursor);
        found.push(...page.groups.map(({ group }) => group));
        cursor = page.cursor;
      } while (cursor !== undefined);

      assert.deepEqual(found.sort(), groups);
    }),
  ];
}

function at(place: number, body = `body-${place}`) {
  return { place, message: { messageId: `m-${place}`, body, attributes: {}, messageAttributes: {} } };
}
