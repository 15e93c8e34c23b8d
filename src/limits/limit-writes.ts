import type { TransactWriteItem, Update, UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { limitExpiryAttribute, limitKeyAttribute } from "../names.ts";
import { arrivalAfter, spacingOf } from "./judge-slots.ts";
import type { SlotGrant, SlotRequest } from "./ports.ts";

/** Items are swept a day after their last slot; one in the past says no more than none. */
const keepSeconds = 86_400;

const n = (value: number) => ({ N: String(value) });
const keyOf = (key: string) => ({ [limitKeyAttribute]: { S: key } });
const sweptAt = (micros: number) => n(Math.ceil(micros / 1e6) + keepSeconds);
const names = { "#expires": limitExpiryAttribute };
const told = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

type Rate = SlotRequest["rates"][number];

/** A request for slots of one rate, and of nothing else. */
export type LoneRate = SlotRequest & { readonly rates: readonly [Rate] };

/** The clock is ahead of the item, or there is none: the slots start now. */
export function startAnew(table: string, request: LoneRate): UpdateItemCommandInput {
  const [rate] = request.rates;
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
export function moveOn(table: string, request: LoneRate): UpdateItemCommandInput {
  const [rate] = request.rates;
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
    ReturnValues: "UPDATED_NEW",
    ...told,
  };
}

/** All items to one common start, or none. */
export function moveTogether(table: string, request: SlotRequest, startMicros: number): TransactWriteItem[] {
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

/** Back by the unused slots at the end, if every item of a rate stands where our grant left it. */
export function moveBack(table: string, { request, startMicros }: SlotGrant, unused: number): Update[] {
  const kept = request.slots - unused;
  const freeMicros = startMicros + kept * spacingOf(request);
  const rates = request.rates.map((rate) => ({
    TableName: table,
    Key: keyOf(rate.key),
    UpdateExpression: "SET tat = :back",
    ConditionExpression: "tat = :mine",
    ExpressionAttributeValues: {
      ":mine": n(arrivalAfter(request, rate, startMicros)),
      ":back": n(kept > 0 ? arrivalAfter(request, rate, startMicros, kept) : freeMicros),
    },
  }));
  const quotas = request.quotas.map((quota) => ({
    TableName: table,
    Key: keyOf(quota.key),
    UpdateExpression: "ADD used :back",
    ConditionExpression: "used >= :unused",
    ExpressionAttributeValues: { ":back": n(-unused), ":unused": n(unused) },
  }));
  return [...rates, ...quotas];
}
