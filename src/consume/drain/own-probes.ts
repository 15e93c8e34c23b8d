import type { HoldStore, ProbeAnswer } from "../../breaker/index.ts";
import { describeError } from "../../errors.ts";
import type { Limiter } from "../../limits/index.ts";
import { functionName, queueName } from "../../names.ts";
import { type MappingFacts, type Probes, probeConsumer, probeDueMs } from "../../probing/index.ts";
import { answerProbe } from "../answer-probe.ts";
import type { ConsumerParts, Probe } from "../batch-run.ts";
import { runBatch } from "../run-batch.ts";
import type { LambdaContext } from "../sqs-event.ts";
import { doneHandles } from "./done-handles.ts";
import type { Inbox } from "./ports.ts";
import { prepaidLimiter } from "./prepaid-limiter.ts";

/** A probe waits no longer for a start: the governor's patience with a message, less what the message may take. */
const startWithinMs = 5_000;

/** What a drained consumer probes with. */
export interface OwnProbes {
  readonly holds: HoldStore;
  readonly inbox: Inbox;
  readonly limiter: Limiter;
  readonly probe: Probe | undefined;
  /** When a start must be over; milliseconds since the epoch. */
  readonly lastStartMs: number;
  /** For so long a message that is let through is hidden. */
  readonly hideSeconds: () => number;
}

/**
 * Probes what holds a drained consumer, when that is due, as the governor does for mappings: it lists mappings, and here is
 * none. Lifts what has ended. Throws what the store of holds throws.
 */
export async function probeOwnHolds(
  context: LambdaContext,
  parts: ConsumerParts,
  { holds, inbox, limiter, probe, lastStartMs, hideSeconds }: OwnProbes,
): Promise<void> {
  const { clock, sink } = parts;
  const { bus, consumer, fifo } = parts.settings;
  const [found] = await holds.read([consumer]);
  const dueMs = found && probeDueMs(found);
  if (!found || dueMs === undefined || dueMs > clock.nowMs()) return;

  const through: Promise<unknown>[] = [];
  const letThrough = async (): Promise<ProbeAnswer & { readonly isEmpty?: boolean }> => {
    const prepaid = await limiter.reserve([anyEvent], {
      lastStartMs: Math.min(lastStartMs, clock.nowMs() + startWithinMs),
    });
    try {
      const isDue = prepaid.places.some(({ status }) => status === "slot");
      const records = isDue ? await inbox.receive(1, hideSeconds()) : [];
      const why = isDue ? "the queue shows no message" : "its limit has no start now";
      if (records.length === 0) return { verdict: "unknown", why, isEmpty: true };
      const limited = { ...parts, limiter: prepaidLimiter(prepaid, limiter, () => lastStartMs) };
      const answer = await runBatch(records, context, limited, { probing: true });
      await inbox.delete(doneHandles(records, answer));
      return answer.probe ?? { verdict: "unknown" };
    } finally {
      await prepaid.close();
    }
  };
  const probes: Probes = {
    ask: async (_, dependency) =>
      (await answerProbe(dependency, context, parts, probe)).probe ?? { verdict: "unknown" },
    letThrough() {
      const letting = letThrough().catch((thrown: unknown) => ({
        verdict: "unknown" as const,
        why: describeError(thrown).message,
      }));
      through.push(letting);
      return letting;
    },
  };
  const mapping: MappingFacts = {
    uuid: functionName(bus, consumer),
    consumer,
    queue: queueName(bus, consumer, fifo),
    state: "Enabled",
    maximumConcurrency: undefined,
    // Nothing to recover step by step: the limit is as slow as can be.
    isProvisioned: true,
  };
  try {
    await probeConsumer(mapping, found, undefined, { holds, probes, clock, sink });
  } finally {
    // One that took longer than a probe is waited for is still handled, in this invocation.
    await Promise.all(through);
    parts.breaker?.forget();
  }
}

/** Drained consumers have limits without keys: which event it is makes no difference. */
export const anyEvent = { id: "", source: "", type: "", data: undefined };
