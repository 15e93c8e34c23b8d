import { assumed } from "./assumptions.ts";
import { drainDefaults } from "./drain-by.ts";
import type { LoadPlan } from "./plan-load.ts";
import { shownMs, shownNumber } from "./shown.ts";

/** One step of a plan's arithmetic: what it gives, how, and the value. */
export interface PlanLine {
  readonly what: string;
  readonly how: string;
  readonly is: string;
}

/** A plan's arithmetic, step by step, in the order in which one number follows from another. */
export function arithmetic(plan: LoadPlan): readonly PlanLine[] {
  return [
    ...speedLines(plan),
    ...limitLines(plan),
    ...mappingLines(plan),
    ...retryLines(plan),
    ...burstLines(plan),
    ...outageLines(plan),
    ...capacityLines(plan),
  ];
}

function speedLines({ load, consumer, batch, throughput, lanesNeeded }: LoadPlan): readonly PlanLine[] {
  const cycleMs = batch.ms + assumed.turnMs;
  const { concurrency, batchSize, fifo, parallel } = consumer;
  if (consumer.drain === "schedule") {
    const eventMs = load.handlerMs + batch.callsMs + assumed.turnMs;
    return [
      {
        what: "side by side",
        how: `${parallel} at once ÷ (${shownMs(load.handlerMs)} + ${batch.calls} calls × ${assumed.callMs} ms + ${assumed.turnMs} ms to fetch it)`,
        is: `${shownNumber((parallel * 1_000) / eventMs)}/s`,
      },
    ];
  }
  const order = fifo ? "one after another" : `${parallel} side by side`;
  return [
    {
      what: "a full batch",
      how: `${batchSize} events, ${order}: ${batch.rounds} × ${shownMs(load.handlerMs)} + ${batch.calls} calls × ${assumed.callMs} ms`,
      is: shownMs(batch.ms),
    },
    {
      what: "its turn",
      how: `${shownMs(batch.ms)} + ${assumed.turnMs} ms to fetch the next one`,
      is: shownMs(cycleMs),
    },
    {
      what: "by concurrency",
      how: `${shownNumber(concurrency)} at once × ${batchSize} ÷ ${shownMs(cycleMs)}`,
      is: `${shownNumber(throughput.unlimitedPerSecond)}/s`,
    },
    {
      what: "concurrency needed",
      how: `the fewest that handle ${shownNumber(load.arrivalsPerSecond)}/s, batches full`,
      is: lanesNeeded === undefined ? "no number does" : shownNumber(lanesNeeded),
    },
  ];
}

function limitLines({ consumer, throughput, horizons }: LoadPlan): readonly PlanLine[] {
  const { rates, quotas, perSecond } = throughput;
  const lines: PlanLine[] = [...rates, ...quotas].map((pace) => ({
    what: `limit ${pace.limit.name}`,
    how:
      pace.limit.kind === "quota"
        ? `${shownNumber(pace.limit.count)} ÷ ${shownMs(pace.limit.windowMs)}, on average`
        : `${pace.items === 1 ? "one start" : `${pace.items} items, each one start`} every ${shownMs(pace.spacingMs)}, lateness and skew included${pace.leftPerSecond < pace.perSecond ? `; others take ${shownNumber(pace.perSecond - pace.leftPerSecond)}/s` : ""}`,
    is: `${shownNumber(pace.leftPerSecond)}/s`,
  }));
  if (rates.length > 0) {
    const fits = horizons.every(({ starts, room }) => starts <= room);
    lines.push({
      what: "of that, used",
      how:
        consumer.drain === "schedule"
          ? "less what passes between the end of one run and the next"
          : fits
            ? `by ${shownNumber(consumer.concurrency)} at once with ${consumer.batchSize} starts each, from the items in turn`
            : "more is asked for than the horizon holds: events go back and forth, and nobody can tell",
      is: fits ? `${shownNumber(perSecond)}/s` : "?",
    });
  }
  for (const { limit, starts, room, sharers } of horizons) {
    lines.push({
      what: "horizon",
      how: `starts asked for at once, ${sharers.length + 1} sharing: ${shownNumber(starts)}, of ${shownNumber(limit.count)} × ${shownMs(limit.horizonMs ?? 0)} ÷ ${shownMs(limit.windowMs)} = ${shownNumber(room)}`,
      is: starts <= room ? "fits" : "does not fit",
    });
  }
  return lines;
}

function mappingLines({ consumer, mapping, throughput, inFlight }: LoadPlan): readonly PlanLine[] {
  const { pollers, concurrency, batchSize, batchWindowMs, timeoutMs, visibilityMs } = consumer;
  const visibility = {
    what: "visibility",
    how: `6 × ${shownMs(timeoutMs)} + ${shownMs(batchWindowMs)} are needed`,
    is: shownMs(visibilityMs),
  };
  if (mapping.mode === "schedule") {
    return [
      {
        what: "drained by schedule",
        how: `a limit has no room for two starts in its horizon; a run every ${shownMs(drainDefaults.everyMs)} works for up to ${shownMs(timeoutMs)}, as long as starts are near`,
        is: `${shownNumber(inFlight)} at once at most`,
      },
      visibility,
    ];
  }
  return [
    {
      what: "mapping",
      how: pollers
        ? `provisioned, ${pollers.minimum} to ${pollers.maximum} pollers of ${shownNumber(throughput.perPoller ?? 0)}/s and 10 at once each, + 1,000 at once a minute`
        : "standard: 5 batches from quiet, + 300 a minute",
      is: `${shownNumber(concurrency)} at once after ${shownMs(mapping.grownMs)}`,
    },
    {
      what: "in flight",
      how: `${shownNumber(concurrency)} × ${batchSize}, of 120,000`,
      is: shownNumber(inFlight),
    },
    visibility,
  ];
}

function retryLines({ consumer, retries }: LoadPlan): readonly PlanLine[] {
  const { surviveMs, firstDelayMs, maxDelayMs, maxReceiveCount, retentionMs } = consumer;
  return [
    {
      what: "attempts",
      how: `${shownMs(surviveMs)} survived, delays of ${shownMs(firstDelayMs)} to ${shownMs(maxDelayMs)} at random, one in a billion dies early`,
      is: shownNumber(retries.attempts),
    },
    {
      what: "receive backstop",
      how: `ten for each attempt, 5 to 1,000`,
      is: shownNumber(maxReceiveCount),
    },
    {
      what: "retention",
      how: `the retries last ${shownMs(retries.longestMs)} at most`,
      is: shownMs(retentionMs),
    },
  ];
}

function burstLines({ load, burst, throughput }: LoadPlan): readonly PlanLine[] {
  if (burst === undefined || load.burst === undefined) return [];
  const { drainedMs, peakBacklog, peakAtMs } = burst;
  return [
    {
      what: "burst",
      how: `${shownNumber(load.burst.perSecond)}/s × ${shownMs(load.burst.forMs)} = ${shownNumber(burst.events)} events; most wait after ${shownMs(peakAtMs)}`,
      is: `${shownNumber(peakBacklog)} wait`,
    },
    {
      what: "burst drained",
      how: `at ${shownNumber(throughput.perSecond)}/s once grown (by ${throughput.bound}), ${shownNumber(load.arrivalsPerSecond)}/s still coming; from its first event on`,
      is: drainedMs === undefined ? "never" : shownMs(drainedMs),
    },
  ];
}

function outageLines({ load, outage, throughput }: LoadPlan): readonly PlanLine[] {
  if (outage === undefined) return [];
  const { drainedMs } = outage.drain;
  return [
    {
      what: "outage",
      how: `${shownNumber(load.arrivalsPerSecond)}/s × ${shownMs(outage.forMs)}, each tried about ${outage.tries} times, ${shownNumber(outage.triesPerSecond)} tries/s at its end`,
      is: `${shownNumber(outage.backlog)} wait`,
    },
    {
      what: "outage drained",
      how: `at ${shownNumber(throughput.perSecond)}/s, ${shownNumber(load.arrivalsPerSecond)}/s still coming; the last try comes within ${shownMs(outage.nextTryMs)}; from its end on`,
      is: drainedMs === undefined ? "never" : shownMs(drainedMs),
    },
  ];
}

function capacityLines({ sns, ledger, consumer }: LoadPlan): readonly PlanLine[] {
  return [
    {
      what: "SNS quota",
      how: `messages published at the peak, of ${shownNumber(sns.allowedPerSecond)}/s in ${sns.region}`,
      is: `${shownNumber(sns.neededPerSecond)}/s`,
    },
    {
      what: "ledger",
      how: `write units in mode ${consumer.mode} at full speed: ${ledger.partitions} partition${ledger.partitions === 1 ? "" : "s"} of 1,000, and as many records in its stream`,
      is: `${shownNumber(ledger.writesPerSecond)}/s`,
    },
  ];
}
