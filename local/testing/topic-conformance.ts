import assert from "node:assert/strict";
import { systemClock } from "../../src/clock.ts";
import type { WireMessage } from "../../src/contract/index.ts";
import type { TopicPort } from "../../src/publish/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** A message as a subscriber with raw delivery got it. */
export interface Arrived {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** On ordered topics. */
  readonly groupId?: string;
}

/** What the suite works on. Topics may be shared by all checks: each one looks only for its own messages. */
export interface TopicSubject {
  readonly topics: TopicPort;
  readonly topicArn: string;
  /** An ordered topic (`.fifo`). */
  readonly orderedTopicArn: string;
  /** Well formed, of a topic that does not exist. */
  readonly missingTopicArn: string;
  /** Answers what arrived from a topic since the last call, once there are `count`, in the order of arrival. */
  arrived(topicArn: string, count: number): Promise<readonly Arrived[]>;
}

/** What every `TopicPort` must do. `make` is called once for each check. */
export function topicConformance(
  make: () => Promise<TopicSubject> | TopicSubject,
): readonly ConformanceCheck[] {
  let made = 0;
  const message = (parts: Partial<WireMessage> = {}): WireMessage => {
    const id = `${systemClock.nowMs()}-${++made}`;
    return {
      topic: "conformance",
      id,
      source: "conformance",
      type: "order.created",
      body: JSON.stringify({ id }),
      attributes: { type: "order.created" },
      ...parts,
    };
  };
  const ordered = (groupId: string, parts: Partial<WireMessage> = {}): WireMessage => {
    const one = message({ topic: "conformance.fifo", groupId, ...parts });
    return { ...one, deduplicationId: one.id };
  };
  const send = async (topics: TopicPort, arn: string, messages: readonly WireMessage[]) => {
    const results = await topics.publishBatch(arn, messages);
    assert.equal(results.length, messages.length, "one result per message");
    for (const result of results) assert.ok(result.ok && result.messageId !== "", JSON.stringify(result));
    return results;
  };

  return [
    check("takes one message, and answers its id", async () => {
      const { topics, topicArn, arrived } = await make();
      const one = message();

      await send(topics, topicArn, [one]);

      assert.deepEqual(
        (await arrived(topicArn, 1)).map(({ body }) => body),
        [one.body],
      );
    }),

    check("takes ten messages in one call, each with an id of its own", async () => {
      const { topics, topicArn, arrived } = await make();
      const ten = Array.from({ length: 10 }, () => message());

      const results = await send(topics, topicArn, ten);

      assert.equal(new Set(results.map((result) => (result.ok ? result.messageId : ""))).size, 10);
      const bodies = (await arrived(topicArn, 10)).map(({ body }) => body);
      assert.deepEqual(bodies.sort(), ten.map(({ body }) => body).sort());
    }),

    check("carries the body byte for byte", async () => {
      const { topics, topicArn, arrived } = await make();
      const body = JSON.stringify({ text: `ümlaut 漢字 🚌 "quoted" <&> ${"x".repeat(10_000)}`, n: 1.5e-7 });

      await send(topics, topicArn, [message({ body })]);

      assert.deepEqual(
        (await arrived(topicArn, 1)).map((one) => one.body),
        [body],
      );
    }),

    check("carries attributes as they are: text as text, numbers as numbers", async () => {
      const { topics, topicArn, arrived } = await make();
      const attributes = { type: "order.created", region: "eu & más", total: 12.5, count: -3, zip: "01234" };

      await send(topics, topicArn, [message({ attributes })]);

      assert.deepEqual(
        (await arrived(topicArn, 1)).map((one) => one.attributes),
        [attributes],
      );
    }),

    check("carries a message without attributes", async () => {
      const { topics, topicArn, arrived } = await make();

      await send(topics, topicArn, [message({ attributes: {} })]);

      assert.deepEqual(
        (await arrived(topicArn, 1)).map((one) => one.attributes),
        [{}],
      );
    }),

    check("keeps the order and the group on an ordered topic", async () => {
      const { topics, orderedTopicArn, arrived } = await make();
      const group = `group-${systemClock.nowMs()}-${made}`;
      const three = [ordered(group), ordered(group), ordered(group)];

      for (const one of three) await send(topics, orderedTopicArn, [one]);

      assert.deepEqual(
        (await arrived(orderedTopicArn, 3)).map(({ body, groupId }) => ({ body, groupId })),
        three.map(({ body }) => ({ body, groupId: group })),
      );
    }),

    check("throws when the topic does not exist", async () => {
      const { topics, missingTopicArn } = await make();

      await assert.rejects(
        topics.publishBatch(missingTopicArn, [message()]),
        (error: unknown) => error instanceof Error && /NotFound/.test(error.name),
      );
    }),

    check("takes the same bytes again: it is the publisher who decides about retries", async () => {
      const { topics, topicArn, arrived } = await make();
      const one = message();

      await send(topics, topicArn, [one]);
      await send(topics, topicArn, [one]);

      assert.deepEqual(
        (await arrived(topicArn, 2)).map(({ body }) => body),
        [one.body, one.body],
      );
    }),
  ];
}

function check(name: string, run: () => Promise<void>): ConformanceCheck {
  return { name, check: run };
}
