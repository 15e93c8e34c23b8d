import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  type ConsumerHolds,
  dependencyOf,
  type Hold,
  type HoldName,
  type ProbeNote,
  type ProbeVerdict,
  type Ramp,
} from "./hold.ts";

export type Item = Record<string, AttributeValue>;

/** Format of the item. Readers understand this one and the one before it. */
export const holdItemVersion = 1;

const usualProbeMs = 10_000;

/** A longer text says no more. */
const maxTextLength = 500;

const text = (value: string): AttributeValue => ({ S: value.slice(0, maxTextLength) });
const number = (value: number): AttributeValue => ({ N: String(value) });

/** A hold as its item keeps it: a map under the hold's name. */
export function holdAttribute({ sinceMs, why, by, probe }: Hold): AttributeValue {
  return {
    M: {
      since: number(sinceMs),
      why: text(why),
      by: text(by),
      ...(probe ? { probeMs: number(probe.everyMs), ownProbe: { BOOL: probe.own } } : {}),
    },
  };
}

export function probeAttribute({ atMs, nextMs, verdict, why, tries }: ProbeNote): AttributeValue {
  return {
    M: {
      at: number(atMs),
      next: number(nextMs),
      verdict: text(verdict),
      why: text(why),
      ...(tries === undefined ? {} : { tries: number(tries) }),
    },
  };
}

export function rampAttribute({ step, sinceMs }: Ramp): AttributeValue {
  return { M: { step: number(step), ...(sinceMs === undefined ? {} : { since: number(sinceMs) }) } };
}

/** Reads a consumer's item; nothing holds it where there is none. */
export function readHolds(consumer: string, item: Item | undefined): ConsumerHolds {
  const holds = Object.entries(item ?? {}).flatMap(([name, value]) =>
    isHoldName(name) && value.M ? [holdOf(name, value.M)] : [],
  );
  holds.sort((one, other) => one.sinceMs - other.sinceMs);
  return { consumer, holds, probe: probeOf(item?.probe?.M), ramp: rampOf(item?.ramp?.M) };
}

function isHoldName(name: string): name is HoldName {
  return name === "manual" || name === "overflow" || dependencyOf(name as HoldName) !== undefined;
}

function holdOf(name: HoldName, { since, why, by, probeMs, ownProbe }: Item): Hold {
  return {
    name,
    sinceMs: Number(since?.N ?? 0),
    why: why?.S ?? "",
    by: by?.S ?? "",
    // Without it, a breaker would never be lifted.
    ...(dependencyOf(name) === undefined
      ? {}
      : { probe: { everyMs: Number(probeMs?.N ?? usualProbeMs), own: ownProbe?.BOOL ?? false } }),
  };
}

function probeOf(map: Item | undefined): ProbeNote | undefined {
  if (!map) return undefined;
  const { at, next, verdict, why, tries } = map;
  return {
    atMs: Number(at?.N ?? 0),
    nextMs: Number(next?.N ?? 0),
    verdict: (verdict?.S ?? "unknown") as ProbeVerdict,
    why: why?.S ?? "",
    ...(tries === undefined ? {} : { tries: Number(tries.N) }),
  };
}

function rampOf(map: Item | undefined): Ramp | undefined {
  if (!map) return undefined;
  const { step, since } = map;
  return { step: Number(step?.N ?? 0), ...(since === undefined ? {} : { sinceMs: Number(since.N) }) };
}
