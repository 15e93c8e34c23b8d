import { describe, expect, it } from "@jest/globals";
import { comparePart, type Entry, type PartMessage, reconcile } from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";
import { dayMs, twoBooks } from "./two-books.ts";

/** A key that the left book has twice, long ago and just now; the right one knows the younger entry only. */
function again(nowMs: number): { readonly old: Entry; readonly young: Entry } {
  const young = { key: "again", timeMs: nowMs - hourMs / 2, fields: {} };
  return { old: { ...young, timeMs: startMs + 5 }, young };
}

describe("reconcile where a difference has not settled, not all of it", () => {
  it("says nothing yet, and goes back until it has", async () => {
    const { clock, store, books, job } = twoBooks({ days: 1 });
    const { old, young } = again(clock.nowMs());
    books.left = [...books.left, old, young];
    books.right = [...books.right, young];

    expect(await reconcile(job, { store, clock })).toMatchObject({
      verdict: "agree",
      found: 0,
      unknown: [],
      knownToMs: startMs + dayMs + hourMs,
    });
    // The spans that the young one lies in agree: nothing there leads back to the old one.
    await clock.advance(2 * hourMs);
    expect(await reconcile(job, { store, clock })).toMatchObject({
      verdict: "differ",
      open: { duplicate: 1 },
      knownToMs: startMs + dayMs + 3 * hourMs,
    });
  });

  it("forgets it when it comes right meanwhile", async () => {
    const { clock, store, books, job, state } = twoBooks({ days: 1 });
    const { old, young } = again(clock.nowMs());
    books.left = [...books.left, old, young];
    books.right = [...books.right, young];
    await reconcile(job, { store, clock });

    books.right = [...books.right, old];
    await clock.advance(2 * hourMs);

    expect(await reconcile(job, { store, clock })).toMatchObject({ verdict: "agree", found: 0 });
    expect((await state()).open).toEqual([]);
  });

  it("goes back to what a part has seen under way", async () => {
    const { clock, store, books, job, parts, waiting } = twoBooks();
    const { old, young } = again(clock.nowMs());
    books.left = [...books.left, old, young];
    books.right = [...books.right, young];

    await reconcile(job, { store, clock, parts });
    while (waiting.length > 0) {
      await comparePart(job, waiting.shift() as PartMessage, { store, clock, parts });
    }
    expect(await reconcile(job, { store, clock, parts })).toMatchObject({ verdict: "agree", found: 0 });
    await clock.advance(2 * hourMs);

    expect(await reconcile(job, { store, clock, parts })).toMatchObject({ open: { duplicate: 1 } });
  });
});
