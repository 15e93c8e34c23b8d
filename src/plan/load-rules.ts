import { sns } from "../limits-of-aws.ts";
import { assumed } from "./assumptions.ts";
import { marginMs } from "./consumer-defaults.ts";
import type { LoadPlan } from "./plan-load.ts";
import type { PlanRule } from "./plan-rule.ts";
import { shownMs, shownNumber } from "./shown.ts";

const scalingOfSqs = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html";

/** What a consumer must be able to do with the load that it is expected to carry. */
export const loadRules: readonly PlanRule<LoadPlan>[] = [
  {
    id: "load-concurrency",
    reason: "more would come than can ever be handled: the queue grows until it deletes the oldest",
    fix: "raise concurrency (or maximumConcurrency, or pollers), or batchSize (parallel, where a schedule drains it); or make the handler quicker",
    link: scalingOfSqs,
    check: ({ load, consumer, batch, throughput }) => {
      const { arrivalsPerSecond } = load;
      const can = throughput.unlimitedPerSecond;
      if (throughput.bound === "groups" || can >= arrivalsPerSecond) return undefined;
      if (consumer.drain === "schedule") {
        return `${shownNumber(arrivalsPerSecond)} events a second come; a schedule drains them, ${consumer.parallel} side by side, ${shownNumber(can)} a second`;
      }
      const cycleMs = batch.ms + assumed.turnMs;
      const needed = Math.ceil((arrivalsPerSecond * cycleMs) / 1_000 / consumer.batchSize);
      return `${shownNumber(arrivalsPerSecond)} events a second come; ${consumer.concurrency} at once × ${consumer.batchSize} events ÷ ${shownMs(cycleMs)} a batch = ${shownNumber(can)} a second can be handled; ${shownNumber(arrivalsPerSecond)} × ${shownMs(cycleMs)} ÷ ${consumer.batchSize} = ${needed} at once are needed`;
    },
  },
  {
    id: "load-limit",
    reason: "more would come than the limit ever lets through: the queue grows until it deletes the oldest",
    fix: "raise the limit, if the partner agrees; or let fewer events come (`where`)",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html",
    check: ({ load, throughput: { rates, quotas } }) => {
      const tight = [...rates, ...quotas].find(({ leftPerSecond }) => leftPerSecond < load.arrivalsPerSecond);
      if (!tight) return undefined;
      const { limit, perSecond, leftPerSecond } = tight;
      const others =
        perSecond > leftPerSecond
          ? `, less ${shownNumber(perSecond - leftPerSecond)} a second that others are expected to take = ${shownNumber(leftPerSecond)}`
          : "";
      return `${shownNumber(load.arrivalsPerSecond)} events a second come; limit ${limit.meaning} lets ${shownNumber(perSecond)} a second through in the long run${others}`;
    },
  },
  {
    id: "load-groups",
    reason: "events of one key run one after another: however much concurrency there is, the rest waits",
    fix: "choose a partition key with more values, make the handler quicker, or give up order for this consumer",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagegroupid-property.html",
    check: ({ load, consumer, batch, throughput }) => {
      const { groups, arrivalsPerSecond } = load;
      if (!consumer.fifo || groups === undefined) return undefined;
      const perGroup = arrivalsPerSecond / groups;
      if (perGroup > sns.publishPerSecondOfGroup) {
        return `${shownNumber(arrivalsPerSecond)} events a second of ${groups} keys are ${shownNumber(perGroup)} a second of each; SNS takes ${sns.publishPerSecondOfGroup}`;
      }
      if (throughput.bound !== "groups" || throughput.perSecond >= arrivalsPerSecond) return undefined;
      const cycleMs = batch.ms + assumed.turnMs;
      return `${shownNumber(arrivalsPerSecond)} events a second come; ${groups} keys × ${consumer.batchSize} events ÷ ${shownMs(cycleMs)} a batch = ${shownNumber(throughput.perSecond)} a second can be handled in order`;
    },
  },
  {
    id: "load-timeout",
    reason: "invocations would run out of time: what was not begun goes back to the queue again and again",
    fix: "raise timeout or parallel, or lower batchSize",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    check: ({ consumer, batch, load }) => {
      const usableMs = consumer.timeoutMs - marginMs(consumer.timeoutMs);
      return batch.ms <= usableMs
        ? undefined
        : `a batch takes ${batch.rounds} × ${shownMs(load.handlerMs)} + ${batch.calls} × ${assumed.callMs} ms = ${shownMs(batch.ms)}; ${shownMs(usableMs)} of the timeout (${shownMs(consumer.timeoutMs)}) can be used`;
    },
  },
  {
    id: "load-parallel",
    reason:
      "starts that are reserved pass by while their events wait for a handler: they are given up, and asked for again",
    fix: "raise parallel to batchSize, or lower batchSize",
    link: scalingOfSqs,
    check: ({ load, consumer, throughput: { rates } }) => {
      const [rate] = rates;
      if (!rate || consumer.fifo) return undefined;
      const atOnce = Math.min(consumer.batchSize, Math.ceil(load.handlerMs / rate.spacingMs));
      return atOnce <= consumer.parallel
        ? undefined
        : `starts of limit ${rate.limit.name} are ${shownMs(rate.spacingMs)} apart and a handler takes ${shownMs(load.handlerMs)}: ${atOnce} run at once in a batch of ${consumer.batchSize}, and parallel is ${consumer.parallel}`;
    },
  },
  {
    id: "load-survive",
    reason: "events would use up their attempts before the outage is over, and become dead letters",
    fix: "let retry survive at least as long as the outage that you expect",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check: ({ consumer, outage, retries }) =>
      outage === undefined || outage.forMs <= consumer.surviveMs
        ? undefined
        : `an outage of ${shownMs(outage.forMs)} is expected, and retry survives ${shownMs(consumer.surviveMs)} (${retries.attempts} attempts)`,
  },
  {
    id: "load-retention",
    reason: "the queue deletes what waits longer than its retention: no dead letter, no trace",
    fix: "raise retention (14 days at most), concurrency or the limit, whichever holds it back",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-architecture.html",
    check: ({ consumer, burst, outage, throughput }) => {
      const waits = [
        burst && { of: `a burst of ${shownNumber(burst.events)} events`, drain: burst, beforeMs: 0 },
        outage && {
          of: `an outage of ${shownMs(outage.forMs)}`,
          drain: outage.drain,
          beforeMs: outage.forMs,
        },
      ];
      for (const wait of waits) {
        if (!wait) continue;
        const { drainedMs, peakBacklog } = wait.drain;
        const longestMs = drainedMs === undefined ? Number.POSITIVE_INFINITY : wait.beforeMs + drainedMs;
        if (longestMs <= consumer.retentionMs) continue;
        const until = drainedMs === undefined ? "never gone" : `gone after ${shownMs(longestMs)}`;
        return `${wait.of} leaves ${shownNumber(peakBacklog)} waiting, at ${shownNumber(throughput.perSecond)} a second ${until}; retention is ${shownMs(consumer.retentionMs)}`;
      }
      return undefined;
    },
  },
];
