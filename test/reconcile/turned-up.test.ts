import { describe, expect, it } from "@jest/globals";
import { type ReconcileJob, reconcile } from "../../src/reconcile/index.ts";
import { SourceFault } from "../../src/reconcile/source-fault.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, drop, mortal, twoBooks } from "./two-books.ts";

const spanOf = (hour: number) => ({ fromMs: startMs + hour * hourMs, toMs: startMs + (hour + 1) * hourMs });

/** A job that has compared a day, and then hears of changes in it. */
async function compared() {
  const world = twoBooks({ days: 1 });
  const { clock, store, books, job } = world;
  const asked: (string | undefined)[] = [];
  const told: { spans: ReturnType<typeof spanOf>[]; to: string } = { spans: [], to: "a" };
  const listening: ReconcileJob = {
    ...job,
    turnedUp: async (since) => {
      asked.push(since);
      return since === told.to ? { spans: [], to: told.to } : { ...told };
    },
  };
  await reconcile(listening, { store, clock });
  books.right = drop(books.right, "transfer-3");
  return { ...world, asked, told, job: listening };
}

describe("reconcile with a job that tells what has turned up", () => {
  it("compares such a span again, once", async () => {
    const { clock, store, job, asked, told } = await compared();
    expect(await reconcile(job, { store, clock })).toMatchObject({ verdict: "agree" });

    Object.assign(told, { spans: [spanOf(3)], to: "b" });

    expect(await reconcile(job, { store, clock })).toMatchObject({
      found: 1,
      knownToMs: startMs + dayMs + hourMs,
    });
    await reconcile(job, { store, clock });
    expect(asked).toEqual([undefined, "a", "a", "b"]);
  });

  it("leaves what is not compared yet to its turn", async () => {
    const { clock, store, job, told } = await compared();
    Object.assign(told, { spans: [{ fromMs: startMs, toMs: startMs + 40 * dayMs }], to: "b" });

    expect(await reconcile(job, { store, clock })).toMatchObject({
      found: 1,
      knownToMs: startMs + dayMs + hourMs,
      compared: undefined,
    });
  });

  it("goes on without it where it cannot be told, says so, and asks the same again", async () => {
    const { clock, store, job, asked, told } = await compared();
    Object.assign(told, { spans: [spanOf(3)], to: "b" });
    const turnedUp = () => Promise.reject(new SourceFault("source-failed", "archive", "S3 is down"));

    const report = await reconcile({ ...job, turnedUp }, { store, clock });

    expect(report).toMatchObject({ verdict: "unknown", unknown: [{ source: "archive" }] });
    expect(await reconcile(job, { store, clock })).toMatchObject({ found: 1 });
    expect(asked).toEqual([undefined, "a"]);
  });

  it("forgets nothing of it when it is killed, at any call", async () => {
    for (let dies = 0; dies < 12; dies++) {
      for (const after of [false, true]) {
        const { clock, store, job, told, state } = await compared();
        Object.assign(told, { spans: [spanOf(3)], to: "b" });
        const dying = reconcile(job, { store: mortal(store, dies, after).port, clock, leaseMs: 1_000 });
        await Promise.race([dying, clock.advance(1)]);
        await clock.advance(2_000);

        await reconcile(job, { store, clock });

        expect((await state()).open.map(({ key }) => key)).toEqual(["transfer-3"]);
      }
    }
  });
});
