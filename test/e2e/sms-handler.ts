import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { consume } from "../../src/consume/index.ts";
import { orderPlaced, sentTable } from "./sms-contract.ts";

const dynamodb = new DynamoDBClient({});

/** Counts how often it ran for an order: an effect that would show if it happened twice. */
export const handler = consume(orderPlaced, async ({ data }) => {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: sentTable,
      Key: { pk: { S: data.orderId } },
      UpdateExpression: "ADD runs :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    }),
  );
});
