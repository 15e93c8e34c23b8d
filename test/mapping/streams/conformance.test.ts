import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { dynamodbStream, inMemoryStream } from "../../../local/mapping/index.ts";
import { streamConformance } from "../../../local/testing/index.ts";
import { describeWith } from "../../helpers/describe-with.ts";
import { startDynamoDB, type TestDynamoDB } from "../../helpers/start-dynamodb.ts";

describe("inMemoryStream", () => {
  for (const { name, run } of streamConformance) {
    it(name, async () => {
      const stream = inMemoryStream();

      await run({
        stream,
        again: () => stream,
        put: async (item) => stream.put(item),
        remove: async (id) => stream.remove({ S: id }),
      });
    });
  }
});

describe("dynamodbStream", () => onEngine("dynoxide"));

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "dynamodbStream on AWS's own DynamoDB Local",
  () => onEngine("DynamoDB Local"),
);

function onEngine(engine: "dynoxide" | "DynamoDB Local"): void {
  let tables: TestDynamoDB;
  beforeAll(async () => {
    tables = await startDynamoDB(engine);
  }, 240_000);
  afterAll(() => tables?.stop());

  for (const [index, { name, run }] of streamConformance.entries()) {
    it(name, async () => {
      const { client, endpoint } = tables;
      const TableName = `streamed-${index}`;
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
        }),
      );
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      const streamArn = Table?.LatestStreamArn ?? "";
      const again = () => dynamodbStream({ endpoint, region: "us-east-1", streamArn });

      await run({
        stream: again(),
        again,
        put: async (Item) => void (await client.send(new PutItemCommand({ TableName, Item }))),
        remove: async (id) =>
          void (await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }))),
      });
    });
  }
}
