import { describe, expect, it } from "@jest/globals";
import { type ReconcileJob, reconcile } from "../../src/reconcile/index.ts";
import { hourMs } from "./books.ts";
import { twoBooks } from "./two-books.ts";

describe("reconcile of a job that cannot be", () => {
  it.each<[string, Partial<ReconcileJob>, RegExp]>([
    ["no name", { name: "" }, /a name is needed/],
    ["no begin", { beginMs: Number.NaN }, /"banks": beginMs is NaN; whole milliseconds since the epoch/],
    ["a begin before the epoch", { beginMs: -1 }, /beginMs is -1/],
    ["a settle time before it", { settleMs: -1 }, /settleMs is -1; whole milliseconds, 0 or more/],
    ["a span of nothing", { spanMs: 0 }, /spanMs is 0; whole milliseconds, 1 or more/],
    ["half of a millisecond", { spanMs: 1.5 }, /spanMs is 1.5/],
    ["a tolerance that is none", { lateAfterMs: Number.NaN }, /lateAfterMs is NaN/],
    ["records that expire at once", { keepMs: Number.NaN }, /keepMs is NaN/],
    [
      "records that expire before they are compared",
      { keepMs: 3 * hourMs - 1 },
      /keepMs is 10799999; settleMs and two spans, 10800000, are the least/,
    ],
  ])("refuses %s", async (_, more, message) => {
    const { job, store, clock } = twoBooks({ days: 1 });

    await expect(reconcile({ ...job, ...more }, { store, clock })).rejects.toMatchObject({
      code: "reconcile-job",
      message: expect.stringMatching(message),
    });
    expect(await store.read([job.name])).toEqual([{ progress: undefined, heldUntilMs: undefined }]);
  });

  it.each<[string, Partial<ReconcileJob>]>([
    ["the epoch", { beginMs: 0, spanMs: 1_000 * hourMs }],
    ["nothing that must settle", { settleMs: 0 }],
    ["any distance", { lateAfterMs: Number.POSITIVE_INFINITY }],
    ["the least that must be kept", { keepMs: 3 * hourMs }],
  ])("takes %s", async (_, more) => {
    const { job, store, clock } = twoBooks({ days: 1 });

    expect(await reconcile({ ...job, ...more }, { store, clock })).toMatchObject({ found: 0 });
  });
});
