import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parcelReady } from "../../../drills/dead-letters/contracts.ts";
import { type DeadLettersResult, judge } from "../../../drills/dead-letters/judge.ts";
import { letterSnapshot } from "../../../drills/dead-letters/letter-snapshot.ts";
import { bus, consumer, refusals } from "../../../drills/dead-letters/names.ts";
import { startVirtualConsumer } from "../../../drills/frame/virtual-consumer.ts";
import { virtualClock } from "../../../local/testing/index.ts";
import { lookAtDeadLetters, redriveDeadLetters } from "../../../ops/dead-letters/index.ts";
import { queueUrl } from "../../../ops/queue-depth.ts";
import { sleep, uuidv7 } from "../../../src/clock.ts";
import { consume } from "../../../src/consume/index.ts";
import { sealEvent } from "../../../src/contract/index.ts";
import type { ConsumerMode } from "../../../src/env.ts";
import { PermanentError } from "../../../src/errors.ts";
import { inMemoryLedger } from "../../../src/ledger/index.ts";
import { mortality } from "../../helpers/mortal.ts";
import { startQueues, type TestQueues } from "../../helpers/start-queues.ts";

const parcels = 180;
const kind = 2;
const ref = { bus, consumer: consumer.name, fifo: false };

let queues: TestQueues;
beforeAll(async () => {
  queues = await startQueues();
  for (const name of [consumer.queueName, consumer.deadLetterQueueName]) queues.createQueue(name);
});
afterAll(() => queues.stop());

/** The drill's consumer in virtual time. Its queues are read and filled by hand. */
function startDelivery(mode: ConsumerMode) {
  const clock = virtualClock({ turns: 1 });
  const audit = { taken: {} as Record<string, number>, refused: {} as Record<string, number> };
  let takes = false;
  const ledger = inMemoryLedger({ keepMs: 86_400_000, clock });
  const { queue, deadLetters, mapping } = startVirtualConsumer({
    ...{ clock, bus, consumer, contract: parcelReady, maximumConcurrency: 2 },
    settings: { mode },
    start: (parts) =>
      consume(
        parcelReady,
        ({ data: { parcel, kind: why } }) => {
          const notes = takes ? audit.taken : audit.refused;
          notes[parcel] = (notes[parcel] ?? 0) + 1;
          if (!takes) throw new PermanentError(`${refusals[why]} P-${parcel}`);
        },
        { ...parts, ledger },
      ),
  });
  return {
    clock,
    audit,
    queue,
    deadLetters,
    mapping,
    take: () => {
      takes = true;
    },
    settle: async () => {
      const isOver = () => {
        const { visible, inFlight, delayed } = queue.counts();
        return visible + inFlight + delayed === 0;
      };
      const wait = async () => {
        while (!isOver()) await sleep(clock, 100);
      };
      await clock.until(wait());
    },
  };
}

/** The drill's small version: parcels die in virtual time, and are sent back from queues that stand in for SQS. */
async function play(mode: ConsumerMode = "once"): Promise<DeadLettersResult> {
  const { client } = queues;
  const world = startDelivery(mode);
  for (let parcel = 0; parcel < parcels; parcel++) {
    const data = { partner: "none", parcel, kind: parcel % refusals.length };
    const stamp = { id: uuidv7(world.clock), source: "/parcels/depot", timeMs: world.clock.nowMs() };
    world.queue.send({ body: (await sealEvent(parcelReady, data, stamp)).body });
  }
  await world.settle();
  for (const { body, messageAttributes } of world.deadLetters.messages()) {
    queues.put(consumer.deadLetterQueueName, body, messageAttributes.omnibus?.stringValue);
  }
  const before = await letterSnapshot(client, consumer.deadLetterQueueName);
  const selection = { error: refusals[kind] };
  const look = () => lookAtDeadLetters({ client, consumer: ref, selection, waitSeconds: 0 });
  const redrive = async (by: SQSClient) =>
    redriveDeadLetters({
      ...{ client: by, consumer: ref, selection, look: await look() },
      ...{ perSecond: 100, waitSeconds: 0, holdSeconds: 4 },
    });
  const [group] = (await look()).groups;

  // It dies behind a batch that SQS has taken and of which nothing is deleted; another was moved before.
  let [sends, hasMoved] = [false, false];
  const kills = mortality(() => (sends && hasMoved ? "dies-after" : "lives"));
  const killed = kills.process();
  const mortal = {
    send: async (command: Parameters<SQSClient["send"]>[0]) => {
      sends = command instanceof SendMessageBatchCommand;
      const answer = await killed.step(() => client.send(command));
      hasMoved ||= command instanceof DeleteMessageBatchCommand;
      return answer;
    },
  } as unknown as SQSClient;
  await killed.run(redrive(mortal));
  const movedBeforeKill = parcels - totalOf(queues.count(consumer.deadLetterQueueName));
  await redrive(client);

  world.take();
  for (const body of await empty(consumer.queueName)) world.queue.send({ body });
  await world.settle();
  await world.clock.until(world.mapping.stop());
  return judge({
    ...{ letters: parcels, kind, chosen: group?.group ?? "none", before, movedBeforeKill },
    after: await letterSnapshot(client, consumer.deadLetterQueueName),
    audit: world.audit,
    kills: kills.deaths,
  });
}

/** Takes all that is visible out of a queue; answers the bodies. */
async function empty(queueName: string): Promise<readonly string[]> {
  const QueueUrl = await queueUrl(queues.client, queueName);
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body = "", ReceiptHandle } of Messages) {
      bodies.push(Body);
      await queues.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const totalOf = ({ visible, invisible }: { visible: number; invisible: number }) => visible + invisible;

describe("the dead-letters drill in memory", () => {
  it("sends one group of six back, killed half-way: each is taken once, and the others lie as they were", async () => {
    const result = await play();

    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({
      letters: parcels,
      groups: refusals.length,
      meant: parcels / refusals.length,
      once: parcels / refusals.length,
      kills: 1,
      pass: true,
    });
  });

  it("fails without a ledger: what the killed run had sent and not deleted is taken twice", async () => {
    await empty(consumer.deadLetterQueueName);

    const result = await play("none");

    expect(result.pass).toBe(false);
    expect(result.twice).toBeGreaterThan(0);
    expect(result).toMatchObject({ never: 0, othersTouched: 0, left: 0, kills: 1 });
  });
});
