import { createHash } from "node:crypto";
import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../clock.ts";
import { reconcileKeys as keys } from "../names.ts";
import type { Difference } from "./difference.ts";
import { type Condition, fencedTable, type Item, keyOf } from "./fenced-table.ts";
import type { OpenDifference, Progress, ReconcileStore } from "./state.ts";
import { told } from "./told.ts";

/** DynamoDB takes 100 writes and 4 MB in one transaction; a difference is told in 230 KB at most. */
const writesAtOnce = 16;
const pageSize = 100;

/**
 * A `ReconcileStore` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`): an item for each job, one for each open
 * difference. Every write is conditional on the job's owner, in the same transaction.
 */
export function dynamoReconcileStore({
  table: name,
  client,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): ReconcileStore {
  const table = fencedTable({ table: name, client, clock });
  const jobKey = (job: string) => keyOf(keys.state(job), "state");
  const openKey = (job: string, key: string) =>
    keyOf(keys.open(job), createHash("sha256").update(key).digest("hex"));
  const isOurs = "#owner = :owner";
  const ours = (owner: string, values: Item = {}): Condition => ({
    expression: isOurs,
    names: { "#owner": "owner" },
    values: { ":owner": { S: owner }, ...values },
  });

  /** Writes where the lease of `holding` is this owner's; each part of them wholly or not. */
  const fenced = async (
    holding: string,
    owner: string,
    writes: readonly TransactWriteItem[],
  ): Promise<boolean> => {
    const { expression, names, values } = ours(owner);
    const check: TransactWriteItem = {
      ConditionCheck: {
        TableName: name,
        Key: jobKey(holding),
        ConditionExpression: expression,
        ExpressionAttributeNames: { ...names },
        ExpressionAttributeValues: values,
      },
    };
    for (let at = 0; at < writes.length; at += writesAtOnce) {
      if (!(await table.transact([check, ...writes.slice(at, at + writesAtOnce)]))) return false;
    }
    return true;
  };

  return {
    async begin(job, owner, leaseEndsMs) {
      const { written, item } = await table.update(jobKey(job), "SET #owner = :owner, leaseEnds = :ends", {
        ...ours(owner, {
          ":ends": { N: String(leaseEndsMs) },
          ":now": { N: String(clock.nowMs()) },
        }),
        expression: `attribute_not_exists(#owner) OR ${isOurs} OR leaseEnds <= :now`,
      });
      if (!written) return { status: "held", untilMs: Number(item.leaseEnds?.N ?? 0) };
      return { status: "ours", progress: progressOf(item) };
    },
    async save(job, owner, progress, leaseEndsMs) {
      const condition = ours(owner, {
        ":progress": { S: JSON.stringify(progress) },
        ":ends": { N: String(leaseEndsMs) },
      });
      return (await table.update(jobKey(job), "SET progress = :progress, leaseEnds = :ends", condition))
        .written;
    },
    open: (job, owner, differences, holding = job) =>
      fenced(
        holding,
        owner,
        lastOfEachKey(differences).map(({ difference, firstSeenMs, lastSeenMs }) => ({
          Update: {
            TableName: name,
            Key: openKey(job, difference.key),
            UpdateExpression:
              "SET difference = :difference, lastSeen = :last, firstSeen = if_not_exists(firstSeen, :first)",
            ExpressionAttributeValues: {
              ":difference": { S: JSON.stringify(told(difference)) },
              ":first": { N: String(firstSeenMs) },
              ":last": { N: String(lastSeenMs) },
            },
          },
        })),
      ),
    close: (job, owner, gone) =>
      fenced(
        job,
        owner,
        [...new Set(gone)].map((key) => ({ Delete: { TableName: name, Key: openKey(job, key) } })),
      ),
    async list(job, cursor) {
      const page = await table.page(keys.open(job), { cursor, limit: pageSize });
      return { open: page.items.map(openOf), cursor: page.cursor };
    },
    async find(job, wanted) {
      const items = await table.get(wanted.map((key) => openKey(job, key)));
      return items.map((item) => item && openOf(item));
    },
    async read(jobs) {
      const items = await table.get(jobs.map(jobKey));
      return items.map((item) => ({
        progress: item && progressOf(item),
        heldUntilMs: item?.owner === undefined ? undefined : Number(item.leaseEnds?.N ?? 0),
      }));
    },
    forget: (jobs) => table.remove(jobs.map(jobKey)),
    async end(job, owner) {
      await table.update(jobKey(job), "REMOVE #owner, leaseEnds", ours(owner));
    },
  };
}

/** DynamoDB refuses one key twice in a transaction. */
function lastOfEachKey(differences: readonly OpenDifference[]): readonly OpenDifference[] {
  return [...new Map(differences.map((one) => [one.difference.key, one])).values()];
}

function progressOf({ progress }: Item): Progress | undefined {
  return progress?.S === undefined ? undefined : (JSON.parse(progress.S) as Progress);
}

function openOf(item: Item): OpenDifference {
  return {
    difference: JSON.parse(item.difference?.S ?? "null") as Difference,
    firstSeenMs: Number(item.firstSeen?.N),
    lastSeenMs: Number(item.lastSeen?.N),
  };
}
