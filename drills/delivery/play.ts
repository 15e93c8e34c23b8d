import { SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalCloud } from "../../local/cloud/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { archiveQueueName, deliveryJobOf, jobFunctionName, topicArn } from "../../src/names.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import type { DeliveryAnswer, OpenDifference } from "../../src/reconcile/index.ts";
import {
  askWitness,
  type LogTally,
  perConsumer,
  StalledError,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type Order, readOrders } from "../orders/orders.ts";
import type { Stage } from "../ports.ts";
import { busAnswer } from "./bus-answer.ts";
import { orderCreated } from "./contracts.ts";
import { type Fault, narrowFilter, noSubscription, purgedQueue } from "./faults.ts";
import { type ByConsumer, type DeliveryResult, type FoundDifference, judge } from "./judge.ts";
import { bus, type ConsumerName, consumers, source, times } from "./names.ts";
import type { Witnessed } from "./witnessed.ts";

const spanMs = times.spanMinutes * 60_000;
const lookMs = 1_000;
const askEveryMs = 10_000;
/** Much longer than settling and sealing take. */
const patienceMs = 8 * spanMs;
const witnessScript = new URL("./witness.ts", import.meta.url);

/** Publishes orders while a bus is broken in four ways one after another, and lets reconciliation find and mend it. */
export async function play({
  cloud,
  tally,
  orders,
  stage,
}: {
  readonly cloud: LocalCloud;
  readonly tally: LogTally<ConsumerName>;
  readonly orders: number;
  readonly stage: Stage;
}): Promise<DeliveryResult> {
  const { endpoint, region, account } = cloud;
  const { signal } = stage;
  const clock = systemClock;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const sns = new SNSClient({ endpoint, region, credentials });
  const sqs = new SQSClient({ endpoint, region, credentials });
  const place = { endpoint, region, signal };
  const ask = <Answer>(...words: string[]) => busAnswer<Answer>(words, place);
  const witness = () => askWitness<Witnessed>({ script: witnessScript, ...place });
  const backlog = watchBacklog({ consumers, queues: () => cloud.queues() });
  const settle = async () => {
    await waitUntilSettled({ consumers, backlog, tally, stallMs, signal });
    await until("the archive's queue is empty", async () => {
      const queue = (await cloud.queues()).find(({ name }) => name === archiveQueueName(bus));
      return queue !== undefined && queue.visible + queue.inFlight + queue.delayed === 0;
    });
  };
  const until = async (what: string, isSo: () => Promise<boolean>, everyMs = lookMs) => {
    const beganMs = clock.nowMs();
    while (!signal.aborted && !(await isSo())) {
      if (clock.nowMs() - beganMs > patienceMs) throw new StalledError(`waited in vain until ${what}`);
      await sleep(clock, everyMs, signal);
    }
  };
  const publisher = createPublisher({
    bus,
    source,
    account,
    region,
    topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
  });
  /** One run over all consumers. */
  const reconcile = async () => {
    const payload = JSON.stringify({ omnibus: { v: 1, do: "run", by: "drill" } });
    const { status, payload: text } = (await cloud.functions.invoke(
      jobFunctionName(bus, "reconciler"),
      payload,
    )) as { readonly status: string; readonly payload?: string };
    if (status === "throttled") return [];
    if (status !== "ok") throw new Error(`the run failed: ${text}`);
    const answer = JSON.parse(text ?? "") as DeliveryAnswer;
    if (answer.did !== "deliver") throw new Error(`the run answered ${text}`);
    return answer.report.consumers;
  };
  /** Runs until all before some moment is known of every consumer. */
  const knownTo = (momentMs: number) => {
    let told = "";
    return until(
      `all before ${new Date(momentMs).toISOString()} is compared`,
      async () => {
        const reports = await reconcile();
        const text = reports
          .map(
            ({ consumer, verdict, knownTo = "", open = 0 }) =>
              `${consumer} ${verdict} ${knownTo.slice(11, 19)} ${open} open`,
          )
          .join("; ");
        if (text !== told) stage.say(`  ${text}`);
        told = text;
        return (
          reports.length === consumers.length &&
          reports.every(({ knownTo = "" }) => Date.parse(knownTo) >= momentMs)
        );
      },
      askEveryMs,
    );
  };
  const topic = topicArn({ bus, topic: orderCreated.topic, region, account });
  const arnOf = (queue: string) => `arn:aws:sqs:${region}:${account}:${queue}`;
  const [points, stock, logistics] = consumers;

  try {
    stage.say("the first look at the bus …");
    await until("every consumer is known", async () => (await reconcile()).length === consumers.length);
    // What came before is not judged: from the next whole minute on.
    await sleep(clock, spanMs - (clock.nowMs() % spanMs) + lookMs, signal);

    const { QueueUrl: queueUrl = "" } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: logistics.queueName }),
    );
    const faults: readonly Fault[] = [
      noSubscription(sns, { topicArn: topic, queueArn: arnOf(points.queueName) }),
      narrowFilter(sns, {
        topicArn: topic,
        queueArn: arnOf(stock.queueName),
        policy: { cds: [{ numeric: [">=", 3] }] },
      }),
      purgedQueue(sqs, {
        queueUrl,
        pause: async () => void (await ask("pause", logistics.name)),
        resume: async () => void (await ask("resume", logistics.name)),
      }),
      noSubscription(sns, { topicArn: topic, queueArn: arnOf(archiveQueueName(bus)) }),
    ];
    const published: Order[] = await Array.fromAsync(readOrders(orders));
    const share = Math.ceil(published.length / (2 * faults.length + 1));
    const publish = async (nth: number) => {
      const some = published.slice(nth * share, (nth + 1) * share);
      await publisher.publishAll(
        orderCreated,
        some.map(({ orderId, cds, cents }) => ({ orderId, cds, cents })),
        ({ orderId }) => ({ id: orderId }),
      );
    };
    for (const [nth, fault] of faults.entries()) {
      await publish(2 * nth);
      await settle();
      stage.say(`${fault.says} …`);
      await fault.begin();
      await publish(2 * nth + 1);
      await fault.end();
      await settle();
    }
    await publish(2 * faults.length);
    await settle();

    stage.say("waiting until all of it is sealed and settled …");
    const endMs = clock.nowMs();
    await knownTo(endMs);
    const before = await witness();
    const found = await differences();
    const handledTwice = repeated();

    let sent = 0;
    for (const { name } of consumers) {
      const { plan } = await ask<{ plan: { id: string } }>("reconcile", "plan", deliveryJobOf(name));
      stage.say(`sending again to ${name} by plan ${plan.id} …`);
      const { counts } = await ask<{ counts: { sent?: number } }>("reconcile", "apply", plan.id, "--yes");
      sent += counts.sent ?? 0;
    }
    await settle();
    const after = await witness();
    // What was handled closes; then nothing is left but what only a person can mend.
    await until("no event is missing any more", async () => {
      await reconcile();
      const open = Object.values(await differences()).flat();
      return open.every((one) => one.class !== "missing-right");
    });
    stage.say("another run, over all that was sent again …");
    await knownTo(clock.nowMs());
    const foundLater = await differences();
    return judge({ published, before, after, found, foundLater, sent, repeated: repeated() - handledTwice });
  } finally {
    backlog.stop();
    await publisher.close();
    sns.destroy();
    sqs.destroy();
  }

  async function differences(): Promise<ByConsumer<readonly FoundDifference[]>> {
    const all = await Promise.all(
      consumers.map(async ({ name }) => {
        const words = ["reconcile", "show", deliveryJobOf(name), "--limit", String(orders)];
        const { open } = await ask<{ open: readonly Pick<OpenDifference, "difference">[] }>(...words);
        const found = open.map(({ difference: { class: as, key } }) => ({
          class: as,
          orderId: key.split("\n")[1] ?? "",
        }));
        return [name, found] as const;
      }),
    );
    const byName = new Map(all);
    return perConsumer(consumers, ({ name }) => byName.get(name) ?? []);
  }

  function repeated(): number {
    return consumers.reduce((sum, { name }) => sum + tally.of[name].duplicates, 0);
  }
}
