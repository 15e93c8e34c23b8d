import type { AttributeValue, BatchStatementRequest } from "@aws-sdk/client-dynamodb";
import { ledgerExpiryAttribute as expiryName, ledgerKeyAttribute as keyName } from "../names.ts";
import { itemVersion } from "./item.ts";
import type { ClaimRequest, ClaimTerms, Ending, RecordRequest } from "./ports.ts";

/**
 * The ledger's statements, in PartiQL: one text per kind of write, so that DynamoDB parses few different ones.
 * Attribute names stand in double quotes, since several are reserved words; on the right of an `=` they must not,
 * which is why `attempts` is none.
 *
 * Each condition is a conjunction of named clauses:
 */
const sameData = `"hash"=?`;
// Released, or claimed and its lease is over; written without a bare OR, which MiniStack refuses beside a key.
const free = `NOT ("state"<>'released' AND NOT ("state"='claimed' AND "lease"<=?))`;
const buried = `"state"='dead'`;
const undone = `"state"<>'done'`;
const idle = `NOT ("state"='claimed' AND "lease">?)`;
const ours = `"owner"=? AND "state"='claimed'`;

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

/** The statements of one table. `expires` is in seconds since the epoch; times in milliseconds. */
export function ledgerStatements(table: string) {
  const where = `WHERE "${keyName}"=?`;
  const update = `UPDATE "${table}"`;
  const event = `'${keyName}':?,'v':${itemVersion},'consumer':?,'source':?,'id':?,'type':?,'time':?,'hash':?,'attempts':?,'${expiryName}':?`;
  /** Of an event that a replay runs again, the item says so: last, so that one text is the other's beginning. */
  const insert = (fields: string) => {
    const begin = `INSERT INTO "${table}" VALUE {${event},${fields}`;
    return { once: `${begin}}`, again: `${begin},'replay':?}` };
  };
  const insertClaim = insert("'state':'claimed','owner':?,'lease':?");
  const insertDone = insert("'state':'done','owner':'','lease':0,'ended':?");
  const insertDoneEmits = insert("'state':'done','owner':'','lease':0,'ended':?,'emits':?");
  const insertDead = insert("'state':'dead','owner':'','lease':0,'ended':?,'reason':?");
  const takeOver = `${update} SET "state"='claimed',"owner"=?,"lease"=?,"${expiryName}"=?,attempts=attempts+1 ${where} AND ${sameData} AND ${free} RETURNING ALL OLD *`;
  const redrive = `${update} SET "state"='claimed',"owner"=?,"lease"=?,"${expiryName}"=?,"attempts"=1 ${where} AND ${sameData} AND ${buried}`;
  const done = `${update} SET "state"='done',"ended"=?,"${expiryName}"=? ${where} AND ${ours}`;
  const doneEmits = `${update} SET "state"='done',"ended"=?,"${expiryName}"=?,"emits"=? ${where} AND ${ours}`;
  const doneResult = `${update} SET "state"='done',"ended"=?,"${expiryName}"=?,"result"=? ${where} AND ${ours}`;
  const doneEmitsResult = `${update} SET "state"='done',"ended"=?,"${expiryName}"=?,"emits"=?,"result"=? ${where} AND ${ours}`;
  const dead = `${update} SET "state"='dead',"ended"=?,"${expiryName}"=?,"reason"=? ${where} AND ${ours}`;
  const released = `${update} SET "state"='released',"${expiryName}"=? ${where} AND ${ours}`;
  const releasedUnrun = `${update} SET "state"='released',"${expiryName}"=?,attempts=attempts-1 ${where} AND ${ours}`;
  const overDone = `${update} SET "state"='done',"owner"='',"ended"=?,"${expiryName}"=?,"attempts"=? ${where} AND ${sameData} AND ${undone}`;
  const overDoneEmits = `${update} SET "state"='done',"owner"='',"ended"=?,"${expiryName}"=?,"attempts"=?,"emits"=? ${where} AND ${sameData} AND ${undone}`;
  const overDead = `${update} SET "state"='dead',"owner"='',"ended"=?,"${expiryName}"=?,"attempts"=?,"reason"=? ${where} AND ${sameData} AND ${undone} AND ${idle}`;
  const sent = `${update} REMOVE "emits" ${where} AND "state"='done'`;
  const read = `SELECT * FROM "${table}" ${where}`;

  const eventValues = (of: ClaimRequest | RecordRequest, attempts: number, expires: number) => [
    text(of.key),
    text(of.consumer),
    text(of.source),
    text(of.id),
    text(of.type),
    text(of.time),
    text(of.hash),
    number(attempts),
    number(expires),
  ];
  const inserted = (
    { once, again }: ReturnType<typeof insert>,
    { replay }: ClaimRequest | RecordRequest,
    Parameters: AttributeValue[],
  ): BatchStatementRequest =>
    replay === undefined
      ? { Statement: once, Parameters }
      : { Statement: again, Parameters: [...Parameters, text(replay)] };
  const fence = (key: string, owner: string) => [text(key), text(owner)];

  /** A failed condition brings the item back where DynamoDB can: it saves the read. */
  const telling = (Statement: string, Parameters: AttributeValue[]): BatchStatementRequest => ({
    Statement,
    Parameters,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });

  return {
    /** A first claim: fails as `DuplicateItem` where an item is. */
    claim: (request: ClaimRequest, terms: ClaimTerms, expires: number): BatchStatementRequest =>
      inserted(insertClaim, request, [
        ...eventValues(request, 1, expires),
        text(terms.owner),
        number(terms.leaseEndsMs),
      ]),
    /** A later claim: fails where the item is done, held, of other data, or absent. Brings the old item back. */
    takeOver: (
      request: ClaimRequest,
      terms: ClaimTerms,
      expires: number,
      nowMs: number,
    ): BatchStatementRequest =>
      telling(takeOver, [
        text(terms.owner),
        number(terms.leaseEndsMs),
        number(expires),
        text(request.key),
        text(request.hash),
        number(nowMs),
      ]),
    /** A claim of a dead one, with all its attempts again: fails where it is no longer dead. */
    redrive: (request: ClaimRequest, terms: ClaimTerms, expires: number): BatchStatementRequest =>
      telling(redrive, [
        text(terms.owner),
        number(terms.leaseEndsMs),
        number(expires),
        text(request.key),
        text(request.hash),
      ]),
    end: (ending: Ending, owner: string, expires: number, nowMs: number): BatchStatementRequest => {
      const fenced = fence(ending.key, owner);
      switch (ending.to) {
        case "done": {
          const stored = ending.emits.length > 0;
          const statement =
            ending.result === undefined ? (stored ? doneEmits : done) : stored ? doneEmitsResult : doneResult;
          return telling(statement, [
            number(nowMs),
            number(expires),
            ...(stored ? [text(JSON.stringify(ending.emits))] : []),
            ...(ending.result === undefined ? [] : [text(ending.result)]),
            ...fenced,
          ]);
        }
        case "dead":
          return telling(dead, [number(nowMs), number(expires), text(ending.reason), ...fenced]);
        case "released":
          return telling(ending.started ? released : releasedUnrun, [number(expires), ...fenced]);
      }
    },
    record: (request: RecordRequest, expires: number, nowMs: number): BatchStatementRequest => {
      const values = [...eventValues(request, request.attempts, expires), number(nowMs)];
      if (request.ending.to === "dead")
        return inserted(insertDead, request, [...values, text(request.ending.reason)]);
      if (request.ending.emits.length === 0) return inserted(insertDone, request, values);
      return inserted(insertDoneEmits, request, [...values, text(JSON.stringify(request.ending.emits))]);
    },
    /** A record over an item that is not done, and dead over none that is being worked on (see `mayRecordOver`). */
    recordOver: (request: RecordRequest, expires: number, nowMs: number): BatchStatementRequest => {
      const values = [number(nowMs), number(expires), number(request.attempts)];
      const condition = [text(request.key), text(request.hash)];
      if (request.ending.to === "dead")
        return {
          Statement: overDead,
          Parameters: [...values, text(request.ending.reason), ...condition, number(nowMs)],
        };
      if (request.ending.emits.length === 0)
        return { Statement: overDone, Parameters: [...values, ...condition] };
      return {
        Statement: overDoneEmits,
        Parameters: [...values, text(JSON.stringify(request.ending.emits)), ...condition],
      };
    },
    sent: (key: string): BatchStatementRequest => ({ Statement: sent, Parameters: [text(key)] }),
    read: (key: string): BatchStatementRequest => ({
      Statement: read,
      Parameters: [text(key)],
      ConsistentRead: true,
    }),
  };
}
