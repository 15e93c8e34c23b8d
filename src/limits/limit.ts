import type { Contract, EventOf } from "../contract/index.ts";
import { SettingsError } from "../errors.ts";
import { writeMeaning } from "./meaning.ts";
import { parseRate } from "./rate.ts";
import { spacingMicros, splitCount } from "./spacing.ts";

/** A named ceiling that any number of consumers share. `limit()` makes one. */
export type Limit = RateLimit | QuotaLimit;

interface NamedLimit {
  readonly name: string;
  /** All of it in one line: equal where two declarations mean the same. */
  readonly meaning: string;
  readonly count: number;
  readonly windowMs: number;
  /** Whose share of it: each key has the whole rate for itself. */
  readonly key?: ((event: LimitedEvent) => string) | undefined;
}

/** At most `count` starts in any window of `windowMs`, at any position. */
export interface RateLimit extends NamedLimit {
  readonly kind: "rate";
  /** How far ahead a start may be reserved, and so how long an invocation may wait for it. */
  readonly horizonMs: number;
  /** A start that comes later than this after its time is given up. */
  readonly latenessMs: number;
  /** How far the clocks of two holders may lie apart. */
  readonly skewMs: number;
  /** The items it is kept in, each with its share of the count and the distance between its slots. */
  readonly parts: readonly { readonly count: number; readonly spacingMicros: number }[];
}

/** At most `count` starts in each window of the calendar (UTC), spent as one likes. */
export interface QuotaLimit extends NamedLimit {
  readonly kind: "quota";
}

/** What a key function may look at. */
export type LimitedEvent = Pick<
  EventOf<Contract>,
  "id" | "source" | "type" | "subject" | "partitionkey" | "data"
>;

export interface LimitOptions {
  /** A moving rate: `"50/s"`, `"600/min"`, `"10/h"`. One of `rate` and `quota` is given. */
  readonly rate?: string;
  /** A calendar's bucket in UTC: `"1000/day"`, `"100/h"`. */
  readonly quota?: string;
  /** A rate of its own for every key, for example the tenant. At most 256 characters are used. @default one for all */
  readonly key?: (event: LimitedEvent) => string;
  /** How far ahead a start is reserved. Longer: more concurrency fits; an invocation may wait so long. @default 5,000 */
  readonly horizonMs?: number;
  /**
   * What a start may be late by (a busy event loop, a pause of the collector). It costs rate: 20 ms of 1 s are 2 %.
   * @default 20; 500 for a rate by the minute or the hour, where a start that is given up costs more than that
   */
  readonly latenessMs?: number;
  /** How far clocks may differ; those of AWS's hosts lie milliseconds apart. It costs rate too. @default 5 */
  readonly skewMs?: number;
  /** Over how many items a hot rate is spread (one takes 1,000 writes a second); 100 at most. @default one for each 1,000 a second */
  readonly split?: number;
}

const namePattern = /^[a-z][a-z0-9-]{0,49}$/;
/** Starts per second that one item can take, one write each. Source: DynamoDB, partition limits. */
const writesPerItem = 1_000;
/** A process that finds no room asks every item of a limit. */
const mostItems = 100;

/**
 * Declares a limit: once, in a module that its consumers share.
 *
 * A rate promises that no half-open window, at any position, holds more than its count of starts, across every process
 * that shares it, as long as clocks lie within `skewMs` (gross differences are caught, and such a process refuses).
 * Throws `SettingsError` on values that cannot be.
 *
 * @example
 * export const partner = limit("partner", { rate: "50/s" });
 * export const perTenant = limit("tenant", { rate: "5/s", key: (event) => event.subject ?? "none" });
 */
export function limit(name: string, options: LimitOptions): Limit {
  if (!namePattern.test(name)) {
    throw new SettingsError(
      "limit-name",
      `limit name ${JSON.stringify(name)} is not allowed: it must match ${namePattern}, as in "partner-api"`,
    );
  }
  const { rate, quota, key } = options ?? {};
  if (key !== undefined && typeof key !== "function") {
    throw new SettingsError(
      "limit-option",
      `limit ${JSON.stringify(name)}: key ${JSON.stringify(key)} is not allowed: give a function of the event, as in (event) => event.subject ?? "none"`,
    );
  }
  if (rate !== undefined && quota === undefined) return rateLimit(name, rate, options);
  if (quota !== undefined && rate === undefined) {
    const { count, windowMs } = parseRate(name, "quota", quota);
    return {
      kind: "quota",
      name,
      meaning: writeMeaning(name, { quota, keyed: key !== undefined }),
      count,
      windowMs,
      key,
    };
  }
  throw new SettingsError(
    "limit-kind",
    `limit ${JSON.stringify(name)} has ${rate === undefined ? "neither rate nor quota" : "both a rate and a quota"}: give one of rate ("50/s") and quota ("1000/day"); a consumer can hold two limits`,
  );
}

function rateLimit(name: string, text: string, options: LimitOptions): RateLimit {
  const { count, windowMs } = parseRate(name, "rate", text);
  const horizonMs = whole(name, "horizonMs", options.horizonMs ?? 5_000, 100, 300_000);
  const latenessMs = whole(name, "latenessMs", options.latenessMs ?? usualLatenessMs(windowMs), 1, windowMs);
  const skewMs = whole(name, "skewMs", options.skewMs ?? 5, 0, windowMs);
  const perSecond = (count * 1_000) / windowMs;
  const usualSplit = Math.ceil(perSecond / writesPerItem);
  if (options.split === undefined) refuseManyItems(name, text, usualSplit);
  const parts = whole(name, "split", options.split ?? usualSplit, 1, Math.min(count, mostItems));
  const shares = splitCount(count, parts).map((share) => ({
    count: share,
    spacingMicros: spacingMicros({ count: share, windowMs, latenessMs, skewMs }),
  }));
  if (options.key) {
    const widestMs = Math.max(...shares.map((share) => share.spacingMicros / 1_000));
    refuseSlowKey(name, widestMs, horizonMs);
  }
  return {
    kind: "rate",
    name,
    meaning: writeMeaning(name, {
      rate: text,
      horizonMs,
      latenessMs,
      skewMs,
      split: parts,
      keyed: options.key !== undefined,
    }),
    count,
    windowMs,
    horizonMs,
    latenessMs,
    skewMs,
    parts: shares,
    key: options.key,
  };
}

function refuseManyItems(name: string, rate: string, items: number): void {
  if (items <= mostItems) return;
  throw new SettingsError(
    "limit-option",
    `limit ${JSON.stringify(name)}: rate ${JSON.stringify(rate)} would be kept in ${items} items, one for each ${writesPerItem} starts a second, and ${mostItems} are the most: give a rate up to ${mostItems * writesPerItem}/s, or split (a whole number from 1 to ${mostItems}) where batches ask for many starts in one write`,
  );
}

/** A key's events are taken before it is known whose they are: no schedule can wait for their starts. */
function refuseSlowKey(name: string, spacingMs: number, horizonMs: number): void {
  if (spacingMs <= horizonMs) return;
  throw new SettingsError(
    "limit-key-pace",
    `limit ${JSON.stringify(name)} has a start for each key every ${Math.ceil(spacingMs)} ms, and reserves ${horizonMs} ms ahead: none would ever be found; give horizonMs at least ${Math.ceil(spacingMs)} (an invocation waits so long), or a quota`,
  );
}

function usualLatenessMs(windowMs: number): number {
  return windowMs > 1_000 ? 500 : 20;
}

function whole(name: string, option: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new SettingsError(
    "limit-option",
    `limit ${JSON.stringify(name)}: ${option} ${value} is not allowed: give a whole number from ${min} to ${max}`,
  );
}

/**
 * Refuses one name with two meanings among the limits of a consumer, or of an app: two rates under one name would each
 * be kept by half. Throws `SettingsError`.
 */
export function checkLimits(limits: readonly Limit[]): void {
  const seen = new Map<string, Limit>();
  for (const one of limits) {
    const other = seen.get(one.name);
    seen.set(one.name, one);
    if (!other || other.meaning === one.meaning) continue;
    throw new SettingsError(
      "limit-twice",
      `limit ${JSON.stringify(one.name)} is declared twice, once as ${other.meaning}, once as ${one.meaning}: declare it once, in a module that its consumers share, or give one of them another name`,
    );
  }
}
