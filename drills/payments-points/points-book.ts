import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { pointsTable } from "./names.ts";

/** Points that were given for a payment. */
export interface Points {
  readonly payment: string;
  readonly customer: string;
  readonly points: number;
  readonly atMs: number;
}

/** Where points are given: once for each payment, however often it is asked. */
export interface PointsBook {
  give(points: Points): Promise<void>;
}

/** The table of points. */
export function pointsBook(client = new DynamoDBClient({})): PointsBook {
  return {
    async give({ payment, customer, points, atMs }) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: pointsTable,
            Item: {
              payment: { S: payment },
              customer: { S: customer },
              points: { N: String(points) },
              at: { N: String(atMs) },
            },
            ConditionExpression: "attribute_not_exists(payment)",
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
