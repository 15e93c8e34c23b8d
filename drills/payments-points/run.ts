import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { sleep, systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  askWitness,
  createTally,
  playOnCloud,
  type StagedCloud,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { planAndApply, runUntil } from "../frame/reconcile-commands.ts";
import { readOrders } from "../orders/orders.ts";
import type { Stage } from "../ports.ts";
import { paymentCaptured } from "./contracts.ts";
import { judge, type PaymentsPointsResult } from "./judge.ts";
import { bucketName, bus, consumer, job, settleMs, spanMs, statementKey } from "./names.ts";
import type { PaymentsPointsOptions } from "./options.ts";
import { type Payment, statementText } from "./payment.ts";
import { summarize } from "./summary.ts";
import type { Readings } from "./witness.ts";

/**
 * Plays the drill: payments come in, a consumer drops the points of some, and a reconciliation with the payment provider's
 * statement finds and mends that. Answers the result, or `undefined` when the stage's signal ended it before there was one.
 * Whatever it started has ended then.
 */
export async function runPaymentsPoints(
  options: PaymentsPointsOptions,
  stage: Stage,
): Promise<PaymentsPointsResult | undefined> {
  const tally = createTally([consumer]);
  const beginMs = Math.floor(systemClock.nowMs() / spanMs) * spanMs;
  return playOnCloud(
    {
      app: `node drills/payments-points/app.ts ${beginMs}`,
      stage,
      port: options.port,
      onLog: tally.take,
    },
    {
      json: options.json,
      play: (staged) => play({ staged, tally, payments: options.payments, stage }),
      summarize,
    },
  );
}

async function play({
  staged: { cloud },
  tally,
  payments,
  stage,
}: {
  readonly staged: StagedCloud;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly payments: number;
  readonly stage: Stage;
}): Promise<PaymentsPointsResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const place = { endpoint, region, signal };
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const witness = () => askWitness<Readings>({ script: new URL("./witness.ts", import.meta.url), ...place });
  try {
    const publisher = createPublisher({
      ...{ bus, source: "/shop/checkout", account, region },
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
    });
    stage.say(`${payments} customers pay, and the consumer drops the points of some …`);
    const statement: Payment[] = [];
    await publisher.publishAll(paymentCaptured, captured(payments, statement));
    await publisher.close();
    await waitUntilSettled({ consumers: [consumer], backlog, tally, stallMs, signal });
    await s3.send(
      new PutObjectCommand({ Bucket: bucketName, Key: statementKey, Body: statementText(statement) }),
    );
    const before = await witness();

    const settledMs = Math.ceil(systemClock.nowMs() / spanMs) * spanMs + settleMs;
    await sleep(systemClock, settledMs - systemClock.nowMs(), signal);
    stage.say("the provider's statement is there; comparing it with the points …");
    await runUntil(job, () => true, place);
    const found = await witness();
    await planAndApply(job, stage, place);
    const after = await witness();
    const lastRun = await runUntil(job, () => true, place);
    return judge({ payments, before, found, after, lastRun });
  } finally {
    backlog.stop();
    s3.destroy();
  }
}

/** What customers pay, noted by the provider as it is told to the shop. */
async function* captured(count: number, statement: Payment[]) {
  let number = 0;
  for await (const { customer, cents } of readOrders(count)) {
    const payment = `payment-${number}`;
    statement.push({ payment, customer, cents, capturedAt: new Date(systemClock.nowMs()).toISOString() });
    yield { payment, number, customer, cents };
    number += 1;
  }
}
