import { describe, expect, it } from "@jest/globals";
import type { InMemoryLedger } from "../../src/ledger/index.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import { runReplay } from "../../src/replay/index.ts";
import { consumerWorld, type orderCreated, record, stockLocked } from "../helpers/consumer-world.ts";
import { mortality } from "../helpers/mortal.ts";
import { dayMs } from "../reconcile/sources/sealed-world.ts";
import { replayWorld, type Taken } from "./replay-world.ts";

const beginMs = Date.UTC(2026, 0, 1);
const ids = Array.from({ length: 24 }, (_, nth) => `o-${100 + nth}`);
const orders = (some: readonly string[]) =>
  some.map((id) => ({
    id,
    timeMs: beginMs + Number(id.slice(2)) * 1_000,
    data: { orderId: id, cents: 100 },
  }));

/** Eighteen orders that are sealed, and six that are not. */
async function world() {
  const made = replayWorld();
  await made.archive(orders(ids.slice(0, 18)));
  await made.seal();
  await made.archive(orders(ids.slice(18)));
  return made;
}

/** What a consumer has handled of what its queue was sent, in the order of sending. */
async function handle(taken: readonly Taken[], ledger: InMemoryLedger) {
  const handled: string[] = [];
  const consumer = consumerWorld<typeof orderCreated>(
    (event, { emit }) => {
      handled.push(event.id);
      emit(stockLocked, { orderId: event.id });
    },
    { ledger },
  );
  for (const { MessageBody, MessageAttributes = {} } of taken) {
    const attributes = Object.entries(MessageAttributes).map(
      ([name, { DataType, StringValue }]) =>
        [name, { dataType: DataType, stringValue: StringValue }] as const,
    );
    await consumer.deliver([record(MessageBody, { attributes: Object.fromEntries(attributes) as never })]);
  }
  return { handled, emitted: consumer.topics.calls.flatMap(({ messages }) => messages) };
}

describe("a replay that is killed", () => {
  it.each([{ again: false }, { again: true }])(
    "has each selected event handled once, wherever that was, and no other ($again)",
    async ({ again }) => {
      const isSelected = (id: string) => id >= "o-104" && id < "o-122";
      let fatal = 1;
      for (let deaths = 1; deaths > 0; fatal++) {
        const { make, parts, clock, taken, store } = await world();
        const ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock });
        const selection = { fromMs: beginMs + 104_000, toMs: beginMs + 122_000 };
        const { id } = await make(selection, { again, perSecond: 10 });
        const mortal = mortality((call) => (call === fatal ? "dies-after" : "lives"));
        for (let nth = 0; (await store.list())[0]?.job.state !== "done"; nth++) {
          const process = mortal.process();
          const run = runReplay({
            ...parts,
            store: process.wrap(parts.store),
            queue: process.wrap(parts.queue),
            ledger,
            id,
            owner: `process-${nth}`,
          });
          await clock.until(process.run(run));
          await clock.advance(30_000);
        }
        deaths = mortal.deaths;

        const { handled } = await handle(taken, ledger);

        expect([fatal, handled]).toEqual([fatal, ids.filter(isSelected)]);
        expect(taken.length - handled.length).toBeLessThanOrEqual(20);
      }
      // Every save and every batch was the last one once.
      expect(fatal).toBeGreaterThan(10);
    },
  );

  it("runs what is done once more for each replay, with other events of its own", async () => {
    const { replay, taken, clock } = await world();
    const ledger = inMemoryLedger({ keepMs: 40 * dayMs, clock });
    const selection = { fromMs: beginMs, toMs: beginMs + 103_000 };
    await replay(selection);
    const first = await handle(taken.splice(0), ledger);
    const skipped = await replay(selection);
    const second = await replay(selection, { again: true });
    const third = await replay(selection, { again: true });

    const replayed = await handle([...taken, ...taken], ledger);

    expect(skipped.counts).toMatchObject({ sent: 3 });
    expect(first.handled).toEqual(ids.slice(0, 3));
    // What was sent without `again` is skipped by the consumer itself.
    expect(replayed.handled).toEqual([...ids.slice(0, 3), ...ids.slice(0, 3)]);
    const emitted = [...first.emitted, ...replayed.emitted].map(({ id }) => id);
    expect(new Set(emitted).size).toBe(9);
    expect([...ledger.items.values()].map(({ replay: by }) => by)).toEqual([
      ...Array.from({ length: 3 }, () => undefined),
      ...Array.from({ length: 3 }, () => second.id),
      ...Array.from({ length: 3 }, () => third.id),
    ]);
  });
});
