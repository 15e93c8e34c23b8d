import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../src/clock.ts";
import { createOutbox } from "../../src/outbox/index.ts";
import { atCrashPoint } from "../outbox/crash-point.ts";
import { stepWritten } from "./contracts.ts";
import { outboxTable, source, stepsTable } from "./names.ts";
import { idOf, type Step, stepsOf } from "./steps.ts";

/**
 * Writes steps, each with its event in one transaction, from `from` on; accounts side by side, the steps of one after each
 * other. Says up to which order all are written, and stops to be killed where it is told: `before`, `during` or `after` the
 * transaction of one order. A step that stands already, as one whose writer was killed before it could say so, is left as it is.
 *
 *   node drills/ordered-outbox/writer.ts http://127.0.0.1:4566 us-east-1 FROM TO POINT ORDER ACCOUNTS
 */
const [endpoint = "", region = "", from = "0", to = "0", point = "", crashAt = "-1", accounts = "1"] =
  process.argv.slice(2);
const lanes = 8;
const noteEvery = 25;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const client = new DynamoDBClient({ endpoint, region, credentials });
const outbox = createOutbox({ table: outboxTable, source });
const steps = stepsOf(Number(to), Number(accounts));
/** The order that each lane is at. */
const at = Array.from({ length: lanes }, () => Number(from));

const note = () => console.log(`written up to ${Math.min(...at)}`);

const write = async ({ order, account, sequence, cents, isRolledBack }: Step) => {
  const reach = (name: string) =>
    order === Number(crashAt) && name === point ? atCrashPoint(name) : undefined;
  const event = await outbox.add(
    stepWritten,
    { order, account, sequence, cents, writtenMs: systemClock.nowMs() },
    { id: idOf({ account, sequence }), order: account, sequence },
  );
  const Item = {
    ...{ pk: { S: String(order) }, account: { S: account } },
    ...{ sequence: { N: String(sequence) }, cents: { N: String(cents) } },
  };
  await reach("before");
  const writing = client
    .send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: stepsTable, Item, ConditionExpression: "attribute_not_exists(pk)" } },
          ...event,
          ...(isRolledBack ? [neverTrue] : []),
        ],
      }),
    )
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  await reach("during");
  const error = await writing;
  if (error instanceof TransactionCanceledException) {
    // A writer that was killed has the account in its hands still: whether the step stands will be known then.
    const isOpen = error.CancellationReasons?.some(({ Code }) => Code === "TransactionConflict");
    if (isOpen) return false;
    // Else it was rolled back on purpose, or stands already.
  } else if (error) throw error;
  await reach("after");
  return true;
};

const neverTrue = {
  ConditionCheck: {
    TableName: stepsTable,
    Key: { pk: { S: "never" } },
    ConditionExpression: "attribute_exists(pk)",
  },
};

await Promise.all(
  at.map(async (_, lane) => {
    const own = steps.filter(
      ({ order, account }) =>
        order >= Number(from) && Number(account.slice("account-".length)) % lanes === lane,
    );
    for (const step of own) {
      at[lane] = step.order;
      while (!(await write(step)));
      if (step.order % noteEvery === 0) note();
    }
    at[lane] = Number(to);
  }),
);
note();
