import { sleep, uuidv7 } from "../../clock.ts";
import { SettingsError } from "../../errors.ts";
import { drainLease } from "../../names.ts";
import { logLine } from "../../telemetry/index.ts";
import type { ConsumerParts } from "../batch-run.ts";
import { runBatch } from "../run-batch.ts";
import type { LambdaContext } from "../sqs-event.ts";
import { doneHandles } from "./done-handles.ts";
import type { DrainEnd, DrainReport } from "./drain-report.ts";
import type { DrainTools } from "./drain-tools.ts";
import { anyEvent, probeOwnHolds } from "./own-probes.ts";
import { prepaidLimiter } from "./prepaid-limiter.ts";
import { createRounds } from "./rounds.ts";

/** A start that is further away is left to the next run: waiting is billed, and one comes every minute. */
const patienceMs = 90_000;
/** So long before its start an event is received: enough to claim it, too little to keep it from anybody. */
const aheadMs = 1_000;
/** One question to the limit for the starts of so much time. */
const roundMs = 10_000;
/** How often a run that stands by asks for the lease. */
const standbyPollMs = 2_000;

/**
 * One run of a drainer: takes from the consumer's queue as many events as its limits let start, runs each at its moment
 * through the pipeline of every other consumer, deletes what is done and leaves what has to come again. Stays as long as
 * there is work, its starts are near and the invocation lasts; the next run goes on.
 *
 * ```
 *  reserve   ①②③        ④⑤⑥            one write for the starts of ten seconds
 *  receive      ───┐        ───┐       as many as there are starts, a second before the first
 *  start           ①  ②  ③     ④  ⑤  ⑥
 * ```
 * May be killed at any moment, and run by many at once: starts are the limit's to give, events are claimed in the ledger,
 * and what a killed run held is seen again when its invocation would have been over. A lease keeps runs from waiting for
 * the same starts; one that comes while another is at work leaves, or stands by for its end where that is near.
 *
 * Throws what queue, lease and limits throw; whatever was begun has ended then.
 */
export async function drain(
  context: LambdaContext,
  parts: ConsumerParts,
  tools: DrainTools,
): Promise<DrainReport> {
  const { settings, clock, sink, breaker } = parts;
  const { inbox, leases } = tools;
  const endsMs = clock.nowMs() + context.getRemainingTimeInMillis();
  const lastStartMs = endsMs - settings.marginMs;
  let received = 0;
  const done = (end: DrainEnd): DrainReport => {
    const fields = { message: "drained", consumer: settings.consumer, received, end };
    logLine("info", fields, { timeMs: clock.nowMs(), sink });
    return { received, end };
  };

  if ((await inbox.waiting()) === 0) return done("empty");
  const lease = drainLease(settings.consumer);
  const owner = uuidv7(clock);
  const standbyUntilMs = Math.min(clock.nowMs() + tools.everyMs, lastStartMs);
  for (;;) {
    const taken = await leases.take(lease, owner, endsMs);
    if (taken.status === "ours") break;
    if (taken.untilMs > standbyUntilMs || clock.nowMs() + standbyPollMs > standbyUntilMs) return done("busy");
    await sleep(clock, standbyPollMs);
  }
  const rounds = createRounds();
  let mustEnd = false;
  try {
    return done(await drainQueue());
  } finally {
    await rounds.idle();
    await leases.release(lease, owner).catch(() => {});
    if (mustEnd) parts.endProcess();
  }

  async function drainQueue(): Promise<DrainEnd> {
    const { limiter } = parts;
    if (!limiter) throw noLimits(settings.consumer);
    const hideSeconds = () => Math.ceil((endsMs + settings.marginMs - clock.nowMs()) / 1_000);
    // A run comes once a minute: what the one before has seen is old, and holding back for it would cost a whole minute.
    breaker?.forget();
    if (await breaker?.look()) {
      await probeOwnHolds(context, parts, { ...tools, limiter, lastStartMs, hideSeconds });
    }
    const most = Math.min(settings.parallel, tools.batchSize, tools.startsWithin(roundMs));
    let left = 0;
    for (;;) {
      if (await breaker?.look()) return "held";
      while (rounds.isClosed || rounds.events >= settings.parallel) await rounds.next();
      const nowMs = clock.nowMs();
      if (nowMs + aheadMs > lastStartMs) return "time";
      if (left <= 0) left = await inbox.waiting();
      if (left === 0) return "empty";

      const count = Math.max(1, Math.min(most, left, settings.parallel - rounds.events));
      const prepaid = await limiter.reserve(
        Array.from({ length: count }, () => anyEvent),
        { firstStartMs: nowMs + aheadMs, lastStartMs: Math.min(lastStartMs, nowMs + patienceMs) },
      );
      const slots = prepaid.places.flatMap((place) => (place.status === "slot" ? [place.slot] : []));
      const [first] = slots;
      if (!first) return nowMs + patienceMs < lastStartMs ? "limit" : "time";
      await sleep(clock, first.startMs - aheadMs - clock.nowMs());
      // The wait may have been a long one.
      const held = await breaker?.look();
      const records = held ? [] : await inbox.receive(slots.length, hideSeconds());
      if (records.length < slots.length) await prepaid.keep(records.length);
      if (held) return "held";
      if (records.length === 0) {
        // An ordered queue shows nothing of a group while some of it is in hand.
        if (rounds.events === 0) return "empty";
        await rounds.next();
        continue;
      }
      received += records.length;
      left -= records.length;
      rounds.begin(records.length, async (alone) => {
        try {
          const answer = await runBatch(records, context, {
            ...parts,
            limiter: prepaidLimiter(prepaid, limiter, () => lastStartMs),
            alone,
            // Not before the others have written down what they know.
            endProcess: () => {
              mustEnd = true;
            },
          });
          await inbox.delete(doneHandles(records, answer));
        } finally {
          await prepaid.close();
        }
      });
    }
  }
}

function noLimits(consumer: string): SettingsError {
  return new SettingsError(
    "drain-limit",
    `consumer ${consumer} is drained by schedule, and has no limit to be drained by: give it one, or drain: "mapping"`,
  );
}
