import { type Contract, contractKey } from "../../src/contract/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import type { Limit } from "../../src/limits/index.ts";
import { sqs } from "../../src/limits-of-aws.ts";
import { isFifo } from "../../src/names.ts";
import { consumerDefaults, defaultKeepMs, marginMs, planRetries } from "../../src/plan/index.ts";
import type { TestConsumer } from "./test-consumer-props.ts";

/** Where test buses are said to be. */
export const testPlace = { account: "000000000000", region: "us-east-1" } as const;

/** What the stack would write into the consumer's function, and SQS's own bound on receives. */
export function settingsOf({
  bus,
  name,
  contracts,
  limits,
  consumer: { emits = [], mode = "once", onPoison = "skip", retry = {} },
  timeoutMs,
  claims,
}: {
  bus: string;
  name: string;
  contracts: readonly Contract[];
  limits: readonly Limit[];
  consumer: TestConsumer;
  timeoutMs: number;
  claims: boolean;
}): { settings: ConsumerSettings; maxReceiveCount: number } {
  const { surviveMs, firstDelayMs, maxDelayMs } = { ...consumerDefaults, ...retry };
  const { attempts, maxReceiveCount } = planRetries({ surviveMs, firstDelayMs, maxDelayMs });
  const deadLetterMs = consumerDefaults.deadLetterRetentionMs;
  const settings: ConsumerSettings = {
    ...testPlace,
    v: 1,
    bus,
    consumer: name,
    on: contracts.map(contractKey),
    emits: emits.map(contractKey),
    ...(limits.length > 0 ? { limits: limits.map(({ meaning }) => meaning) } : {}),
    mode,
    fifo: contracts.every(({ topic }) => isFifo(topic)),
    ...(onPoison === "park" ? { onPoison } : {}),
    ...(claims ? { claims: { keepMs: null } } : {}),
    ...(emits.length > 0 ? { delays: true as const } : {}),
    attempts,
    firstDelayMs,
    maxDelayMs,
    marginMs: marginMs(timeoutMs),
    keepMs: defaultKeepMs({
      queueMs: sqs.defaultRetentionSeconds * 1_000,
      deadLetterMs,
      undeliveredMs: deadLetterMs,
    }),
    parallel: consumerDefaults.parallel,
  };
  return { settings, maxReceiveCount };
}
