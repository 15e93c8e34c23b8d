import assert from "node:assert/strict";
import type { Inbox, SqsRecord } from "../../src/consume/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** A world to try an `Inbox` in. */
export interface InboxWorld {
  readonly inbox: Inbox;
  readonly queueArn: string;
  send(body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  /** Receives until something came. */
  receiveSoon(): Promise<readonly SqsRecord[]>;
}

/** What every `Inbox` must do. `make` gives a new world, each time with an empty queue of its own. */
export function inboxConformance(make: () => Promise<InboxWorld>): readonly ConformanceCheck[] {
  return [
    check("hands messages over as Lambda does", async () => {
      const { inbox, queueArn, send } = await make();
      await send('{"n":1}', { type: "order.created" });

      const [record] = await inbox.receive(10, 60);

      assert.equal(record?.body, '{"n":1}');
      assert.equal(record.eventSourceARN, queueArn);
      assert.equal(record.attributes.ApproximateReceiveCount, "1");
      assert.ok(Number(record.attributes.ApproximateFirstReceiveTimestamp) > 0);
      assert.equal(record.messageAttributes?.type?.dataType, "String");
      assert.equal(record.messageAttributes.type.stringValue, "order.created");
      assert.ok(record.messageId !== "" && record.receiptHandle !== "");
    }),

    check("receives no more than it is asked for, and counts what is left", async () => {
      const { inbox, send } = await make();
      for (let n = 0; n < 5; n++) await send(String(n));
      assert.equal(await inbox.waiting(), 5);

      const records = await inbox.receive(3, 60);

      assert.equal(records.length, 3);
      assert.equal(await inbox.waiting(), 2);
    }),

    check("answers at once, and nothing, where nothing can be received", async () => {
      const { inbox, send } = await make();
      assert.equal(await inbox.waiting(), 0);
      assert.deepEqual(await inbox.receive(1, 60), []);
      await send("hidden");
      await inbox.receive(1, 60);

      assert.deepEqual(await inbox.receive(1, 60), []);
    }),

    check("hides what it received for as long as it was told, and counts receives", async () => {
      const { inbox, send, receiveSoon } = await make();
      await send("again");
      await inbox.receive(1, 1);

      const [record] = await receiveSoon();

      assert.equal(record?.attributes.ApproximateReceiveCount, "2");
    }),

    check("deletes what is done, and leaves the rest", async () => {
      const { inbox, send, receiveSoon } = await make();
      for (const body of ["done", "left"]) await send(body);
      const records = await inbox.receive(2, 1);
      const done = records.filter(({ body }) => body === "done").map(({ receiptHandle }) => receiptHandle);

      await inbox.delete(done);
      await inbox.delete([]);

      const left = await receiveSoon();
      assert.deepEqual(
        left.map(({ body }) => body),
        ["left"],
      );
    }),

    check("does not throw over a handle that is no longer valid", async () => {
      const { inbox } = await make();

      await inbox.delete(["gone"]);
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
