import { drainDefaults, shownMs } from "../../src/plan/index.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

const schedules = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html";

/** What a schedule can drain. */
export const drainGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "drain-limit",
    reason: "nothing would tell how many events a run may take",
    fix: "leave drain out, or give the consumer a rate; a quota alone is kept by a mapping, and a handler in Python knows no limits",
    link: schedules,
    final: true,
    check: ({ drain, limits }) =>
      drain === "schedule" && !limits.some(({ kind }) => kind === "rate")
        ? `drain is "schedule" without a rate among the limits (${limits.map(({ meaning }) => meaning).join("; ") || "none"})`
        : undefined,
  },
  {
    id: "drain-key",
    reason: "a run takes as many events as there are starts, before it knows whose they are",
    fix: 'let a mapping take them (drain: "mapping"), with a horizonMs of the limit that holds its starts; or leave the key out',
    link: schedules,
    final: true,
    check: ({ drain, limits }) => {
      const keyed = limits.find(({ key }) => key !== undefined);
      return drain === "schedule" && keyed ? `a schedule drains it, and limit ${keyed.meaning}` : undefined;
    },
  },
  {
    id: "drain-settings",
    reason: "there is no mapping that would keep to it: a schedule drains this consumer",
    fix: 'leave it out; or let a mapping take the events (drain: "mapping"), with a limit that has room for them in its horizonMs',
    link: schedules,
    final: true,
    check: ({ drain, hasMaximum, pollers, batchWindow, batchSize, fifo }) => {
      if (drain !== "schedule") return undefined;
      if (hasMaximum) return "maximumConcurrency is given";
      if (pollers) return "pollers are given";
      if (batchWindow.toSeconds() > 0 && !fifo) return `batchWindow is ${batchWindow.toSeconds()} s`;
      return batchSize > 10 ? `batchSize is ${batchSize}; 1 to 10 is allowed: one receive` : undefined;
    },
  },
  {
    id: "drain-timeout",
    reason: "nobody is at work between the end of one run and the next: starts go unused",
    fix: "raise timeout, or leave it out",
    link: schedules,
    check: ({ drain, timeout }) =>
      drain === "schedule" && timeout.toMilliseconds() < drainDefaults.leastTimeoutMs
        ? `timeout is ${timeout.toSeconds()} s, and a run comes every ${shownMs(drainDefaults.everyMs)}; at least ${drainDefaults.leastTimeoutMs / 1_000} s is allowed`
        : undefined,
  },
];
