import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, formatUuid, systemClock } from "../clock.ts";
import { describeError, LimitError } from "../errors.ts";
import { limitExpiryAttribute, limitKeyAttribute } from "../names.ts";
import { defaultCalls } from "./default-calls.ts";
import type { CallAnswer, DynamoCalls, Item } from "./dynamo-call.ts";
import { arrivalAfter, judgeSlots, type LimitItems, spacingOf } from "./judge-slots.ts";
import type { LimitStore, SlotAnswer, SlotGrant, SlotRequest } from "./ports.ts";

/** Tries of one reservation: each loss tells what stands there now, so a second loss means that others are as busy. */
const maxTries = 6;
/** Items are swept a day after their last slot; one in the past says no more than none. */
const keepSeconds = 86_400;
/** How many items' last known times are remembered: a wrong memory costs one refused write. */
const memory = 10_000;

/**
 * Limits on DynamoDB: one conditional write for a reservation of any number of slots. Two forms: our clock is ahead of
 * the item (an idle limit starts now), or the item ahead of our clock (it is moved on by a difference, so that holders
 * who race do not refuse each other). Several limits move in one transaction.
 */
export function dynamoLimits({
  table,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  table: string;
  clock?: Clock;
  calls?: DynamoCalls;
}): LimitStore {
  const known = new Map<string, number>();
  const remember = (key: string, value: number | undefined) => {
    known.delete(key);
    if (value === undefined) return;
    known.set(key, value);
    const [oldest] = known.keys();
    if (known.size > memory && oldest !== undefined) known.delete(oldest);
  };

  const answered = async (call: () => Promise<CallAnswer>): Promise<CallAnswer> => {
    try {
      return await call();
    } catch (cause) {
      const { name, message } = describeError(cause);
      throw new LimitError(
        "limits-unavailable",
        `the limits ${table} did not answer (${name}: ${message}); nothing is started without a slot`,
        { retryable: true, cause },
      );
    }
  };

  const rememberAll = (request: SlotRequest, items: LimitItems) => {
    request.rates.forEach(({ key }, index) => {
      remember(key, items.arrivals[index]);
    });
    request.quotas.forEach(({ key }, index) => {
      remember(key, items.used[index]);
    });
  };
  const rememberGrant = (request: SlotRequest, startMicros: number) => {
    for (const rate of request.rates) remember(rate.key, arrivalAfter(request, rate, startMicros));
    for (const { key } of request.quotas) remember(key, (known.get(key) ?? 0) + request.slots);
  };
  const remembered = (request: SlotRequest): LimitItems => ({
    arrivals: request.rates.map((rate) => known.get(rate.key)),
    used: request.quotas.map((quota) => known.get(quota.key)),
  });

  return {
    async reserve(request): Promise<SlotAnswer> {
      let items = remembered(request);
      let storeMs: number | undefined;
      const lastStart = request.latestMicros - request.slots * spacingOf(request);
      for (let attempt = 0; attempt < maxTries; attempt++) {
        const judged = judgeSlots(request, items);
        // Memory alone refuses only what could never fit: slots may have been given back since.
        if (judged.status === "full" && (attempt > 0 || lastStart < request.earliestMicros)) {
          return { ...judged, storeMs };
        }
        const startMicros = judged.status === "open" ? judged.startMicros : lastStart;
        const [rate] = request.rates;
        const alone = rate !== undefined && request.rates.length === 1 && request.quotas.length === 0;
        const behind = alone && startMicros > request.earliestMicros;
        const answer = await answered(() => {
          if (behind) return calls.update(moveOn(table, request, rate));
          if (alone) return calls.update(startAnew(table, request, rate));
          const token = formatUuid(clock.fill(new Uint8Array(16)));
          return calls.transact(moveTogether(table, request, startMicros), token);
        });
        storeMs = answer.storeMs;
        const { outcome } = answer;
        if (outcome.status === "written") {
          const arrival = behind ? numberOf(outcome.item, "tat") : undefined;
          const from = arrival === undefined ? startMicros : arrival - request.slots * spacingOf(request);
          rememberGrant(request, from);
          return { status: "granted", grant: { request, startMicros: from }, storeMs };
        }
        if (outcome.status === "refused") {
          items = alone
            ? { arrivals: [numberOf(outcome.items[0], "tat")], used: [] }
            : itemsOf(request, outcome.items, items);
          rememberAll(request, items);
        }
      }
      return { status: "contended", storeMs };
    },

    async giveBack(grant, unused) {
      const token = formatUuid(clock.fill(new Uint8Array(16)));
      const answer = await answered(() => calls.transact(moveBack(table, grant, unused), token));
      if (answer.outcome.status !== "written") return false;
      for (const { key } of [...grant.request.rates, ...grant.request.quotas]) remember(key, undefined);
      return true;
    },
  };
}

/** What a refused write told: an item that was not shown has not changed what we know of it. */
function itemsOf(request: SlotRequest, items: readonly (Item | undefined)[], before: LimitItems): LimitItems {
  return {
    arrivals: request.rates.map((_, index) => numberOf(items[index], "tat") ?? before.arrivals[index]),
    used: request.quotas.map(
      (_, index) => numberOf(items[request.rates.length + index], "used") ?? before.used[index],
    ),
  };
}

function numberOf(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  return text === undefined ? undefined : Number(text);
}

const n = (value: number) => ({ N: String(value) });
const keyOf = (key: string) => ({ [limitKeyAttribute]: { S: key } });
const sweptAt = (micros: number) => n(Math.ceil(micros / 1e6) + keepSeconds);
const names = { "#expires": limitExpiryAttribute };
const told = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

type Rate = SlotRequest["rates"][number];

/** The clock is ahead of the item, or there is none: the slots start now. */
function startAnew(table: string, request: SlotRequest, rate: Rate) {
  return {
    TableName: table,
    Key: keyOf(rate.key),
    UpdateExpression: "SET tat = :tat, #expires = :expires",
    ConditionExpression: "attribute_not_exists(tat) OR tat <= :earliest",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ":tat": n(arrivalAfter(request, rate, request.earliestMicros)),
      ":earliest": n(request.earliestMicros),
      ":expires": sweptAt(request.latestMicros),
    },
    ...told,
  };
}

/** The item is ahead of the clock: it is moved on from where it stands, wherever that is by now. */
function moveOn(table: string, request: SlotRequest, rate: Rate) {
  const step = request.slots * rate.spacingMicros;
  return {
    TableName: table,
    Key: keyOf(rate.key),
    UpdateExpression: "SET tat = tat + :step, #expires = :expires",
    ConditionExpression: "tat > :earliest AND tat <= :latest",
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ":step": n(step),
      ":earliest": n(request.earliestMicros),
      ":latest": n(request.latestMicros - step),
      ":expires": sweptAt(request.latestMicros),
    },
    ReturnValues: "UPDATED_NEW" as const,
    ...told,
  };
}

/** All items to one common start, or none. */
function moveTogether(table: string, request: SlotRequest, startMicros: number): TransactWriteItem[] {
  const rates = request.rates.map((rate) => ({
    Update: {
      TableName: table,
      Key: keyOf(rate.key),
      UpdateExpression: "SET tat = :tat, #expires = :expires",
      ConditionExpression: "attribute_not_exists(tat) OR tat <= :start",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ":tat": n(arrivalAfter(request, rate, startMicros)),
        ":start": n(startMicros),
        ":expires": sweptAt(request.latestMicros),
      },
      ...told,
    },
  }));
  const quotas = request.quotas.map((quota) => ({
    Update: {
      TableName: table,
      Key: keyOf(quota.key),
      UpdateExpression: "SET #expires = :expires ADD used :slots",
      ConditionExpression: "attribute_not_exists(used) OR used <= :room",
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ":slots": n(request.slots),
        ":room": n(quota.count - request.slots),
        ":expires": sweptAt(quota.endsMicros),
      },
      ...told,
    },
  }));
  return [...rates, ...quotas];
}

/** Back by the unused slots at the end, if every item stands where our grant left it. */
function moveBack(table: string, { request, startMicros }: SlotGrant, unused: number): TransactWriteItem[] {
  const kept = request.slots - unused;
  const freeMicros = startMicros + kept * spacingOf(request);
  const rates = request.rates.map((rate) => ({
    Update: {
      TableName: table,
      Key: keyOf(rate.key),
      UpdateExpression: "SET tat = :back",
      ConditionExpression: "tat = :mine",
      ExpressionAttributeValues: {
        ":mine": n(arrivalAfter(request, rate, startMicros)),
        ":back": n(kept > 0 ? arrivalAfter(request, rate, startMicros, kept) : freeMicros),
      },
    },
  }));
  const quotas = request.quotas.map((quota) => ({
    Update: {
      TableName: table,
      Key: keyOf(quota.key),
      UpdateExpression: "ADD used :back",
      ConditionExpression: "used >= :unused",
      ExpressionAttributeValues: { ":back": n(-unused), ":unused": n(unused) },
    },
  }));
  return [...rates, ...quotas];
}
