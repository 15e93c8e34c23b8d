import assert from "node:assert/strict";
import { systemClock, uuidv7 } from "../../src/clock.ts";
import type { Ledger } from "../../src/ledger/index.ts";
import type { CommitRequest, Item, TransactionStore, Write } from "../../src/transaction/index.ts";
import type { ConformanceCheck } from "./conformance.ts";
import { emitted, event } from "./ledger-events.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** What the suite works on. */
export interface TransactionWorld {
  readonly transactions: TransactionStore;
  /** The ledger that the transactions complete claims in. */
  readonly ledger: Ledger;
  /** A table whose key is the text `account`, and nothing else. */
  readonly table: string;
}

/**
 * What every `TransactionStore` must do. `make` gives one over a ledger and a table where no key of this run is used; both keep
 * time by the clock that it is handed.
 */
export function transactionsConformance(
  make: (options: { clock: VirtualClock; keepMs: number }) => Promise<TransactionWorld> | TransactionWorld,
): readonly ConformanceCheck[] {
  const world = async () => {
    const clock = virtualClock({ startMs: systemClock.nowMs(), seed: systemClock.nowMs() });
    const { transactions, ledger, table } = await make({ clock, keepMs: 60_000 });
    const claimed = async (owner: string) => {
      const one = event();
      await ledger.claim([one], { owner, leaseEndsMs: clock.nowMs() + 1_000 });
      return one;
    };
    const commit = (key: string, owner: string, some: Partial<CommitRequest> = {}) =>
      transactions.commit({ key, owner, emits: [], writes: [], token: uuidv7(clock), ...some });
    const account = () => ({ account: { S: uuidv7(clock) } });
    const read = (Key: Item) => transactions.read({ TableName: table, Key });
    const put = (item: Item): Write => ({ Put: { TableName: table, Item: item } });
    const add = (Key: Item, cents: number, ConditionExpression?: string, more: Item = {}): Write => ({
      Update: {
        TableName: table,
        Key,
        UpdateExpression: "ADD cents :cents",
        ExpressionAttributeValues: { ":cents": { N: String(cents) }, ...more },
        ...(ConditionExpression ? { ConditionExpression } : {}),
      },
    });
    return { clock, transactions, ledger, table, claimed, commit, account, read, put, add };
  };

  return [
    check("writes and completes in one", async () => {
      const { claimed, commit, transactions, ledger, clock, account, read, put, add } = await world();
      const [one, other] = [account(), account()];
      const first = await claimed("a");
      const second = await claimed("a");

      const writes = [put({ ...one, cents: { N: "100" } }), add(other, 250)];
      assert.deepEqual(await commit(first.key, "a", { writes }), { status: "committed" });
      assert.deepEqual(await commit(second.key, "a", { writes: [add(one, -30)] }), { status: "committed" });

      assert.deepEqual(await read(one), { ...one, cents: { N: "70" } });
      assert.deepEqual(await read(other), { ...other, cents: { N: "250" } });
      assert.equal(await transactions.claimState(first.key, "a"), "done");
      const [again] = await ledger.claim([{ ...first, redelivered: true }], {
        owner: "b",
        leaseEndsMs: clock.nowMs() + 1_000,
      });
      assert.deepEqual(again, { status: "done", emits: [] });
    }),

    check("stores what is emitted with the completion, until it is sent", async () => {
      const { claimed, commit, ledger, clock, account, add } = await world();
      const one = await claimed("a");

      await commit(one.key, "a", { emits: [emitted("x")], writes: [add(account(), 1)] });

      const terms = { owner: "b", leaseEndsMs: clock.nowMs() + 1_000 };
      assert.deepEqual(await ledger.claim([one], terms), [{ status: "done", emits: [emitted("x")] }]);
      await ledger.sent([one.key]);
      assert.deepEqual(await ledger.claim([one], terms), [{ status: "done", emits: [] }]);
    }),

    check("writes nothing for a claim that another owner has, or nobody", async () => {
      const { claimed, commit, transactions, account, read, add } = await world();
      const one = await claimed("a");
      const Key = account();

      const answers = [
        await commit(one.key, "b", { writes: [add(Key, 1)] }),
        await commit(event().key, "a", { writes: [add(Key, 1)] }),
      ];

      assert.deepEqual(answers, [
        { status: "fenced", claim: "lost" },
        { status: "fenced", claim: "lost" },
      ]);
      assert.equal(await read(Key), undefined);
      assert.equal(await transactions.claimState(one.key, "a"), "open");
      assert.equal(await transactions.claimState(one.key, "b"), "lost");
    }),

    check("writes nothing for a claim that was given back or is dead", async () => {
      const { claimed, commit, ledger, account, read, add } = await world();
      const [released, dead] = [await claimed("a"), await claimed("a")];
      await ledger.end(
        [
          { key: released.key, to: "released", started: true },
          { key: dead.key, to: "dead", reason: "permanent" },
        ],
        "a",
      );
      const Key = account();

      for (const { key } of [released, dead]) {
        const answer = await commit(key, "a", { writes: [add(Key, 1)] });
        assert.deepEqual(answer, { status: "fenced", claim: "lost" });
      }

      assert.equal(await read(Key), undefined);
    }),

    check("does a transaction once, and knows it again under another token", async () => {
      const { claimed, commit, account, read, add } = await world();
      const one = await claimed("a");
      const Key = account();
      const writes = [add(Key, 5)];
      await commit(one.key, "a", { writes });

      const again = await commit(one.key, "a", { writes });

      assert.deepEqual(again, { status: "fenced", claim: "done" });
      assert.deepEqual(await read(Key), { ...Key, cents: { N: "5" } });
    }),

    check("tells whose condition did not hold, with the item, and writes nothing", async () => {
      const { claimed, commit, transactions, account, read, put, add } = await world();
      const [poor, other] = [account(), account()];
      const setUp = await claimed("a");
      await commit(setUp.key, "a", { writes: [put({ ...poor, cents: { N: "3" } })] });
      const one = await claimed("a");

      const enough = "cents >= :fee OR (size(account) < :fee AND NOT attribute_exists(closed))";

      const refused = await commit(one.key, "a", {
        emits: [emitted("x")],
        writes: [add(other, 1), add(poor, -5, enough, { ":fee": { N: "5" } })],
      });
      const absent = await commit(one.key, "a", { writes: [add(account(), 1, "attribute_exists(account)")] });

      assert.deepEqual(refused, { status: "refused", at: 1, item: { ...poor, cents: { N: "3" } } });
      assert.deepEqual(absent, { status: "refused", at: 0, item: undefined });
      assert.equal(await read(other), undefined);
      assert.equal(await transactions.claimState(one.key, "a"), "open");
    }),

    check("the fence comes before the conditions", async () => {
      const { claimed, commit, account, add } = await world();
      const one = await claimed("a");

      const answer = await commit(one.key, "b", { writes: [add(account(), 1, "attribute_exists(account)")] });

      assert.deepEqual(answer, { status: "fenced", claim: "lost" });
    }),

    check("checks and deletes", async () => {
      const { claimed, commit, table, account, read, put } = await world();
      const [kept, gone] = [account(), account()];
      const setUp = await claimed("a");
      await commit(setUp.key, "a", { writes: [put({ ...kept, open: { BOOL: true } }), put(gone)] });
      const one = await claimed("a");

      const answer = await commit(one.key, "a", {
        writes: [
          {
            ConditionCheck: {
              TableName: table,
              Key: kept,
              ConditionExpression: "#open = :yes",
              ExpressionAttributeNames: { "#open": "open" },
              ExpressionAttributeValues: { ":yes": { BOOL: true } },
            },
          },
          { Delete: { TableName: table, Key: gone } },
        ],
      });

      assert.deepEqual(answer, { status: "committed" });
      assert.deepEqual(await read(kept), { ...kept, open: { BOOL: true } });
      assert.equal(await read(gone), undefined);
    }),

    check("keeps values of every type", async () => {
      const { claimed, commit, account, read, put } = await world();
      const item: Item = {
        ...account(),
        bytes: { B: new Uint8Array([0, 127, 255]) },
        map: { M: { list: { L: [{ S: "ünïcode" }, { B: new Uint8Array([1]) }, { NULL: true }] } } },
        texts: { SS: ["x"] },
        numbers: { NS: ["1.5"] },
        many: { BS: [new Uint8Array([9])] },
        big: { N: "12345678901234567890123456789012345678" },
      };
      const one = await claimed("a");

      await commit(one.key, "a", { writes: [put(item)] });

      assert.deepEqual(plain(await read({ account: item.account ?? { S: "" } })), plain(item));
    }),

    check(
      "refuses two writes to one item, and a table that there is none of, and writes nothing",
      async () => {
        const { claimed, commit, transactions, account, read, add } = await world();
        const one = await claimed("a");
        const Key = account();

        const twice = await commit(one.key, "a", { writes: [add(Key, 1), add(Key, 2)] });
        const nowhere: Write = { Delete: { TableName: "no-such-table", Key } };
        const absent = await commit(one.key, "a", { writes: [add(Key, 1), nowhere] });

        assert.equal(twice.status, "invalid");
        assert.equal(absent.status, "invalid");
        assert.equal(await read(Key), undefined);
        assert.equal(await transactions.claimState(one.key, "a"), "open");
      },
    ),

    check("commits one of two that write to one item at once, and then the other", async () => {
      const { claimed, commit, account, read, add } = await world();
      const events = await Promise.all(Array.from({ length: 5 }, () => claimed("a")));
      const Key = account();

      await Promise.all(
        events.map(async ({ key }) => {
          for (;;) {
            const { status } = await commit(key, "a", { writes: [add(Key, 1)] });
            if (status !== "conflict") return assert.equal(status, "committed");
          }
        }),
      );

      assert.deepEqual(await read(Key), { ...Key, cents: { N: "5" } });
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}

/** Bytes as any adapter has them: a `Uint8Array`, or Node's own kind of it. */
function plain(item: Item | undefined): unknown {
  return JSON.parse(
    JSON.stringify(item, (_, value) =>
      ArrayBuffer.isView(value) || value?.type === "Buffer" ? bytesOf(value) : value,
    ),
  );
}

function bytesOf(value: Uint8Array | { readonly data: readonly number[] }): readonly number[] {
  return "data" in value ? [...value.data] : [...value];
}
