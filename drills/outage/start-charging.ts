import { eventJson, type QueueMessage, recordJson } from "../../local/mapping/index.ts";
import { type InMemoryHolds, type ProbeAnswer, probePayload } from "../../src/breaker/index.ts";
import type { Clock } from "../../src/clock.ts";
import { consume, type SqsEvent } from "../../src/consume/index.ts";
import { DependencyDown } from "../../src/errors.ts";
import type { Probes } from "../../src/governor/index.ts";
import type { Ledger } from "../../src/ledger/index.ts";
import { consumerDefaults } from "../../src/plan/index.ts";
import { startVirtualConsumer, type VirtualConsumer } from "../frame/virtual-consumer.ts";
import { orderPlaced } from "./contracts.ts";
import { bus, consumer, dependency } from "./names.ts";
import type { VirtualPartner } from "./virtual-partner.ts";

/** As many processes as its mapping asks for at once. */
export const maximumConcurrency = 10;

/** Starts the drill's consumer in virtual time. Each of its processes knows by itself what holds it. */
export function startCharging({
  clock,
  ledger,
  holds,
  partner,
  keyOf = (effectKey) => effectKey,
}: {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly holds: InMemoryHolds;
  readonly partner: VirtualPartner;
  readonly keyOf?: (effectKey: string) => string;
}): VirtualConsumer & { readonly probes: Probes } {
  const { breaker } = consumerDefaults;
  const started = startVirtualConsumer({
    ...{ clock, bus, consumer, maximumConcurrency },
    contract: orderPlaced,
    settings: { breaker },
    start: (parts) =>
      consume(
        orderPlaced,
        ({ data: { order, cents } }, { effectKey }) =>
          partner.pay(order, cents, keyOf(effectKey)).catch((cause: unknown) => {
            throw new DependencyDown(dependency, { cause });
          }),
        { ...parts, ledger, holds },
      ),
  });
  const { queue, queueArn, invoke } = started;

  const letThrough = async (message: QueueMessage): Promise<ProbeAnswer> => {
    const event = JSON.parse(eventJson([recordJson(message, queueArn)])) as SqsEvent;
    const { batchItemFailures, probe } = await invoke({ ...event, ...probePayload(dependency) });
    if (batchItemFailures.length === 0) await queue.delete([message.receiptHandle]);
    return probe ?? { verdict: "unknown" };
  };
  return {
    ...started,
    probes: {
      ask: async () => ({ verdict: "unknown", why: "it has no probe of its own" }),
      async letThrough() {
        const [message] = await queue.receive({ max: 1, waitMs: 0, signal: never });
        return message ? letThrough(message) : { verdict: "unknown", isEmpty: true };
      },
    },
  };
}

const never = new AbortController().signal;
