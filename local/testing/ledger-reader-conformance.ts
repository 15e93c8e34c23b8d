import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { Ledger, LedgerReader } from "../../src/ledger/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { emitted, event } from "./ledger-events.ts";

/** What every `LedgerReader` must do. `make` gives one, and the ledger whose items it reads. */
export function ledgerReaderConformance(
  make: () =>
    | Promise<{ readonly ledger: Ledger; readonly reader: LedgerReader }>
    | { readonly ledger: Ledger; readonly reader: LedgerReader },
): readonly ConformanceCheck[] {
  const owner = "a";
  const terms = () => ({ owner, leaseEndsMs: systemClock.nowMs() + 60_000 });

  return [
    check("reads items in the order asked, a key twice, and nothing where there is none", async () => {
      const { ledger, reader } = await make();
      const events = Array.from({ length: 230 }, () => event());
      await ledger.claim(events, terms());
      const keys = events.map(({ key }) => key).toReversed();
      const asked = [...keys, event().key, ...keys.slice(0, 2)];

      const found = await reader.read(asked);

      assert.deepEqual(
        found.map((item) => item?.key),
        asked.map((key, index) => (index === events.length ? undefined : key)),
      );
      assert.deepEqual(await reader.read([]), []);
    }),

    check("tells all of an item but what it emitted, as soon as it is written", async () => {
      const { ledger, reader } = await make();
      const [done, dead, released] = [event(), event(), event()];
      await ledger.claim([done, dead, released], terms());
      await ledger.end(
        [
          { key: done.key, to: "done", emits: [emitted("1")] },
          { key: dead.key, to: "dead", reason: "permanent" },
          { key: released.key, to: "released", started: true },
        ],
        owner,
      );

      const [first, second, third] = await reader.read([done.key, dead.key, released.key]);

      const { redelivered: _, ...asClaimed } = done;
      assert.deepEqual({ ...first, ...asClaimed, state: "done", attempts: 1 }, first);
      assert.ok((first?.ended ?? 0) > 0 && (first?.expires ?? 0) > 0);
      assert.equal(first?.emits, undefined);
      assert.deepEqual([second?.state, second?.reason], ["dead", "permanent"]);
      assert.deepEqual([third?.state, third?.ended], ["released", 0]);
      assert.ok((third?.lease ?? 0) > 0);
    }),

    check("tells what the run has come to that ended it, emitting or not", async () => {
      const { ledger, reader } = await make();
      const [quiet, emitting, plain] = [event(), event(), event()];
      await ledger.claim([quiet, emitting, plain], terms());
      await ledger.end(
        [
          { key: quiet.key, to: "done", emits: [], result: "0a" },
          { key: emitting.key, to: "done", emits: [emitted("1")], result: "failed: Error" },
          { key: plain.key, to: "done", emits: [] },
        ],
        owner,
      );

      const found = await reader.read([quiet.key, emitting.key, plain.key]);

      assert.deepEqual(
        found.map((item) => [item?.state, item?.result]),
        [
          ["done", "0a"],
          ["done", "failed: Error"],
          ["done", undefined],
        ],
      );
    }),

    check("tells the replay that ran an event again", async () => {
      const { ledger, reader } = await make();
      const [claimed, recorded, first] = [event(), event(), event()];
      const replay = "20260131-120000-3f2a90";
      await ledger.claim([{ ...claimed, replay }, first], terms());
      const { redelivered: _, ...asRecorded } = recorded;
      await ledger.record([{ ...asRecorded, replay, attempts: 1, ending: { to: "done", emits: [] } }]);

      const items = await reader.read([claimed.key, recorded.key, first.key]);

      assert.deepEqual(
        items.map((item) => item?.replay),
        [replay, replay, undefined],
      );
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
