import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../src/clock.ts";
import { consume } from "../../src/consume/index.ts";
import { stepWritten } from "./contracts.ts";
import { bookTable, outOfTurn } from "./names.ts";

const client = new DynamoDBClient({});

/** Books a step behind the one before it. One that comes out of its turn is written down as that, and not booked. */
export const handler = consume(stepWritten, async ({ data: { account, sequence, cents, writtenMs } }) => {
  const isFirst = sequence === 1;
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: bookTable,
        Key: { pk: { S: account } },
        UpdateExpression:
          "SET #sequence = :sequence, lags = list_append(if_not_exists(lags, :none), :lag) ADD cents :cents",
        ConditionExpression: isFirst ? "attribute_not_exists(#sequence)" : "#sequence = :before",
        ExpressionAttributeNames: { "#sequence": "sequence" },
        ExpressionAttributeValues: {
          ":sequence": { N: String(sequence) },
          ...(isFirst ? {} : { ":before": { N: String(sequence - 1) } }),
          ":cents": { N: String(cents) },
          ":none": { L: [] },
          ":lag": { L: [{ N: String(systemClock.nowMs() - writtenMs) }] },
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // Booked by a run that was cut off right behind it.
    if (Number(error.Item?.sequence?.N) === sequence) return;
    const Item = { pk: { S: `${outOfTurn}${account}/${sequence}` } };
    await client.send(new PutItemCommand({ TableName: bookTable, Item }));
  }
});
