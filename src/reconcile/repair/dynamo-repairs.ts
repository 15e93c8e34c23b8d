import { createHash } from "node:crypto";
import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock, uuidv7 } from "../../clock.ts";
import { jobsExpiryAttribute, reconcileKeys as pks } from "../../names.ts";
import { fencedTable, type Item, keyOf } from "../fenced-table.ts";
import type { AuditEntry, Marked, Marker, RepairState, RepairStore, Stopped } from "./repair-store.ts";

const daySeconds = 86_400;
/** Longer than any difference stays open unseen. */
const markerDays = 90;
/** A year, and until it was looked through. */
const auditDays = 400;
const mostBegun = 100;

/**
 * A `RepairStore` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`, expiry `expires`): an item for each key that was
 * repaired, one for each repair. Markers are kept for 90 days after they were written last, repairs for 400.
 */
export function dynamoRepairs({
  table: name,
  client,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): RepairStore {
  const table = fencedTable({ table: name, client, clock });
  const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");
  const markerKey = (job: string, key: string) => keyOf(pks.repair(job), hashOf(key));
  const stateKey = (job: string) => keyOf(pks.repairs(job), "state");
  const inDays = (days: number) => String(Math.floor(clock.nowMs() / 1_000) + days * daySeconds);
  /** Beside the marker while somebody is at it, so that whoever has died is found. */
  const begunWrite = (job: string, key: string, { state }: Marker): TransactWriteItem => {
    const Key = keyOf(pks.begun(job), hashOf(key));
    if (state === "ended") return { Delete: { TableName: name, Key } };
    const expires = { [jobsExpiryAttribute]: { N: inDays(markerDays) } };
    // As JSON: whatever characters it has.
    return { Put: { TableName: name, Item: { ...Key, key: { S: JSON.stringify(key) }, ...expires } } };
  };
  const auditPut = (job: string, entry: AuditEntry): TransactWriteItem => ({
    Put: {
      TableName: name,
      Item: {
        ...keyOf(pks.audit(job), `${entry.at}#${uuidv7(clock)}`),
        entry: { S: JSON.stringify(entry) },
        [jobsExpiryAttribute]: { N: inDays(auditDays) },
      },
    },
  });
  /** Changes whether repairs go on, and writes that down, where the condition holds. */
  const settle = (job: string, expression: string, condition: string, values: Item, entry: AuditEntry) =>
    table.transact([
      {
        Update: {
          TableName: name,
          Key: stateKey(job),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        },
      },
      auditPut(job, entry),
    ]);
  const stateOf = async (job: string): Promise<RepairState> => {
    const [item] = await table.get([stateKey(job)]);
    return {
      stopped: item?.stopped?.S === undefined ? undefined : (JSON.parse(item.stopped.S) as Stopped),
      resumedMs: item?.resumed?.N === undefined ? undefined : Number(item.resumed.N),
    };
  };

  return {
    async markers(job, keys) {
      const items = await table.get(keys.map((key) => markerKey(job, key)));
      return items.map((item) => item && markedOf(item));
    },
    mark: (job, key, marker, revision, entry) =>
      table.transact([
        {
          Update: {
            TableName: name,
            Key: markerKey(job, key),
            UpdateExpression: "SET marker = :marker, revision = :next, #expires = :expires",
            ConditionExpression: revision === 0 ? "attribute_not_exists(revision)" : "revision = :revision",
            ExpressionAttributeNames: { "#expires": jobsExpiryAttribute },
            ExpressionAttributeValues: {
              ":marker": { S: JSON.stringify(marker) },
              ":next": { N: String(revision + 1) },
              ":expires": { N: inDays(markerDays) },
              ...(revision === 0 ? {} : { ":revision": { N: String(revision) } }),
            },
          },
        },
        begunWrite(job, key, marker),
        ...(entry ? [auditPut(job, entry)] : []),
      ]),
    async begun(job) {
      const { items } = await table.page(pks.begun(job), { cursor: undefined, limit: mostBegun });
      return items.map(({ key }) => JSON.parse(key?.S ?? '""') as string);
    },
    async audit(job, { cursor, limit = 100 } = {}) {
      const page = await table.page(pks.audit(job), { cursor, limit, newest: true });
      const entries = page.items.map(({ entry }) => JSON.parse(entry?.S ?? "null") as AuditEntry);
      return { entries, ...(page.cursor !== undefined && { cursor: page.cursor }) };
    },
    state: stateOf,
    async stop(job, stopped) {
      const at = new Date(stopped.atMs).toISOString();
      await settle(
        job,
        "SET stopped = :stopped",
        "attribute_not_exists(stopped)",
        { ":stopped": { S: JSON.stringify(stopped) } },
        { what: "stopped", at, by: "schedule", message: stopped.message },
      );
    },
    async resume(job, { atMs, by }) {
      const { stopped } = await stateOf(job);
      const message = stopped ? `after: ${stopped.message}` : "it was not stopped";
      await settle(
        job,
        "SET resumed = :at REMOVE stopped",
        "attribute_not_exists(resumed) OR resumed <= :at",
        { ":at": { N: String(atMs) } },
        { what: "resumed", at: new Date(atMs).toISOString(), by, message },
      );
    },
  };
}

function markedOf({ marker, revision }: Item): Marked {
  return { marker: JSON.parse(marker?.S ?? "null") as Marker, revision: Number(revision?.N) };
}
