import {
  BatchExecuteStatementCommand,
  CreateTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { dynamodbStream } from "../../local/mapping/index.ts";
import { type Clients, type Question, refusal } from "./question.ts";

const text = (value: string) => ({ S: value });

/** A table with one item, `{ pk: "1", a: "old" }`. */
async function makeTable({ dynamodb }: Clients, name: string, streamed = false): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ...(streamed ? { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } } : {}),
    }),
  );
  await dynamodb.send(new PutItemCommand({ TableName: name, Item: { pk: text("1"), a: text("old") } }));
}

/** How many records a table's stream has; the item that is there from the start is one. */
async function countRecords({ dynamodb }: Clients, name: string, endpoint: string): Promise<number> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  const streamArn = Table?.LatestStreamArn ?? "";
  const stream = dynamodbStream({ endpoint, region: "us-east-1", streamArn });
  const [shard] = await stream.shards();
  const { shardId = "" } = shard ?? {};
  const { records } = await stream.read(shardId, await stream.position(shardId, "TRIM_HORIZON"));
  return records.length;
}

/** What DynamoDB does, and what stands in for it. */
export const tableQuestions: readonly Question[] = [
  {
    about: "the old item, with a failed conditional PartiQL `UPDATE` that asks for it",
    aws: "given",
    answers: { dynoxide: "missing", "DynamoDB Local": "given", MiniStack: "given" },
    async ask(clients, name) {
      await makeTable(clients, name);
      const { Responses: [answer] = [] } = await clients.dynamodb.send(
        new BatchExecuteStatementCommand({
          Statements: [
            {
              Statement: `UPDATE "${name}" SET a=? WHERE pk=? AND a=?`,
              Parameters: [text("new"), text("1"), text("else")],
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          ],
        }),
      );
      if (answer?.Error?.Code !== "ConditionalCheckFailed") return `${answer?.Error?.Code}`;
      return answer.Error.Item?.a?.S === "old" ? "given" : "missing";
    },
  },
  {
    about: "PartiQL `SET a=? SET b=?`",
    aws: "taken",
    answers: { dynoxide: "refused: ValidationException", "DynamoDB Local": "taken", MiniStack: "taken" },
    async ask(clients, name) {
      await makeTable(clients, name);
      return refusal(
        clients.dynamodb.send(
          new ExecuteStatementCommand({
            Statement: `UPDATE "${name}" SET a=? SET b=? WHERE pk=?`,
            Parameters: [text("x"), text("y"), text("1")],
          }),
        ),
      );
    },
  },
  {
    about: "PartiQL `attribute_not_exists(b)` in `WHERE`",
    aws: "taken",
    answers: { dynoxide: "refused: ValidationException", "DynamoDB Local": "taken", MiniStack: "taken" },
    async ask(clients, name) {
      await makeTable(clients, name);
      return refusal(
        clients.dynamodb.send(
          new ExecuteStatementCommand({
            Statement: `UPDATE "${name}" SET a=? WHERE pk=? AND attribute_not_exists(b)`,
            Parameters: [text("x"), text("1")],
          }),
        ),
      );
    },
  },
  {
    about: "the same key twice in one PartiQL batch",
    aws: "refused: ValidationException",
    answers: {
      dynoxide: "refused: ValidationException",
      "DynamoDB Local": "refused: ValidationException",
      MiniStack: "done, DuplicateItem",
    },
    async ask(clients, name) {
      await makeTable(clients, name);
      const insert = { Statement: `INSERT INTO "${name}" VALUE {'pk':?}`, Parameters: [text("2")] };
      const call = clients.dynamodb.send(new BatchExecuteStatementCommand({ Statements: [insert, insert] }));
      const first = await refusal(call);
      if (first !== "taken") return first;
      const { Responses = [] } = await call;
      return Responses.map(({ Error: error }) => error?.Code ?? "done").join(", ");
    },
  },
  {
    about: "a read and a write in one PartiQL batch",
    aws: "refused: ValidationException",
    answers: {
      dynoxide: "refused: ValidationException",
      "DynamoDB Local": "refused: ValidationException",
      MiniStack: "taken",
    },
    async ask(clients, name) {
      await makeTable(clients, name);
      const read = { Statement: `SELECT * FROM "${name}" WHERE pk=?`, Parameters: [text("1")] };
      const write = { Statement: `INSERT INTO "${name}" VALUE {'pk':?}`, Parameters: [text("2")] };
      return refusal(clients.dynamodb.send(new BatchExecuteStatementCommand({ Statements: [read, write] })));
    },
  },
  {
    about: "consumed capacity of a PartiQL batch that asks for it",
    aws: "told",
    answers: { dynoxide: "told", "DynamoDB Local": "not told", MiniStack: "told" },
    async ask(clients, name) {
      await makeTable(clients, name);
      const { ConsumedCapacity } = await clients.dynamodb.send(
        new BatchExecuteStatementCommand({
          Statements: [{ Statement: `INSERT INTO "${name}" VALUE {'pk':?}`, Parameters: [text("2")] }],
          ReturnConsumedCapacity: "TOTAL",
        }),
      );
      return ConsumedCapacity?.some(({ CapacityUnits = 0 }) => CapacityUnits > 0) ? "told" : "not told";
    },
  },
  {
    about: "the region in a table's ARN",
    aws: "the table's",
    answers: { dynoxide: "dynoxide", "DynamoDB Local": "ddblocal", MiniStack: "the table's" },
    async ask(clients, name) {
      await makeTable(clients, name);
      const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: name }));
      const region = Table?.TableArn?.split(":")[3];
      return region === "us-east-1" ? "the table's" : `${region}`;
    },
  },
  {
    about: "`EndingSequenceNumber` of a stream shard that is open",
    aws: "missing",
    answers: { dynoxide: "given", "DynamoDB Local": "missing", MiniStack: "missing" },
    async ask(clients, name, endpoint) {
      await makeTable(clients, name, true);
      const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: name }));
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "DynamoDBStreams_20120810.DescribeStream",
          "x-amz-date": "20260101T000000Z",
          authorization:
            "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        },
        body: JSON.stringify({ StreamArn: Table?.LatestStreamArn }),
      });
      const told = await answer.text();
      if (!told.includes("StartingSequenceNumber")) return told.slice(0, 300);
      return told.includes("EndingSequenceNumber") ? "given" : "missing";
    },
  },
  {
    about: "a stream record of a write that changed nothing",
    aws: "none",
    answers: { dynoxide: "one", "DynamoDB Local": "none", MiniStack: "none" },
    async ask(clients, name, endpoint) {
      await makeTable(clients, name, true);
      const Item = { pk: text("1"), a: text("old") };
      await clients.dynamodb.send(new PutItemCommand({ TableName: name, Item }));
      return ["lost", "none", "one"][await countRecords(clients, name, endpoint)] ?? "more";
    },
  },
  {
    about: "a stream record of an item written by PartiQL",
    aws: "one",
    answers: { dynoxide: "one", "DynamoDB Local": "one", MiniStack: "none" },
    async ask(clients, name, endpoint) {
      await makeTable(clients, name, true);
      await clients.dynamodb.send(
        new ExecuteStatementCommand({
          Statement: `INSERT INTO "${name}" VALUE {'pk': ?}`,
          Parameters: [text("2")],
        }),
      );
      return ["lost", "none", "one"][await countRecords(clients, name, endpoint)] ?? "more";
    },
  },
];
