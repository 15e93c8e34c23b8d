import type { ProbeAnswer } from "../breaker/index.ts";
import { sleep } from "../clock.ts";
import { describeError } from "../errors.ts";
import type { ConsumerParts, Probe } from "./batch-run.ts";
import { createDeadline } from "./deadline.ts";
import type { LambdaContext, SqsBatchResponse } from "./sqs-event.ts";

/** A dependency that takes longer to answer a probe is not back yet. */
const patienceMs = 10_000;

/** Asks the consumer's own probe. One that hangs is aborted, and has found the dependency down. Never rejects. */
export async function answerProbe(
  dependency: string,
  context: LambdaContext,
  { clock, settings }: Pick<ConsumerParts, "clock" | "settings">,
  probe: Probe | undefined,
): Promise<SqsBatchResponse> {
  const answer = (found: ProbeAnswer): SqsBatchResponse => ({ batchItemFailures: [], probe: found });
  if (!probe) {
    return answer({
      verdict: "unknown",
      why: `consumer ${settings.consumer} has no probe: let a message through`,
    });
  }
  const leftMs = Math.min(patienceMs + settings.marginMs, context.getRemainingTimeInMillis());
  const deadline = createDeadline(clock, leftMs, settings.marginMs);
  const ended = new AbortController();
  const hung = async (): Promise<ProbeAnswer> => {
    await sleep(clock, leftMs - settings.marginMs, ended.signal);
    return {
      verdict: "down",
      dependency,
      why: `the probe did not answer within ${leftMs - settings.marginMs} ms`,
    };
  };
  const asked = async (): Promise<ProbeAnswer> => {
    try {
      await probe(dependency, { signal: deadline.signal });
      return { verdict: "up" };
    } catch (thrown) {
      return { verdict: "down", dependency, why: describeError(thrown).message };
    }
  };
  try {
    return answer(await Promise.race([asked(), hung()]));
  } finally {
    ended.abort();
    deadline.dispose();
  }
}
