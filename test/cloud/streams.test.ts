import { join } from "node:path";
import { DeleteItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud } from "../../local/cloud/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();
let assemblies = 0;

const table = (name: string, stream?: string) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    ...(stream === undefined ? {} : { StreamSpecification: { StreamViewType: stream } }),
  },
});
/** Writes down what it was given, item by item, through plain HTTP: the SDK takes its time to load. */
const writer = (name: string, before = "") => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 20,
    Code: {
      ZipFile: `
        const put = (item) => fetch(process.env.AWS_ENDPOINT_URL_DYNAMODB, {
          method: "POST",
          headers: {
            "x-amz-target": "DynamoDB_20120810.PutItem",
            "content-type": "application/x-amz-json-1.0",
            "x-amz-date": "20260101T000000Z",
            authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
          },
          body: JSON.stringify({ TableName: "seen", Item: item }),
        });
        exports.handler = async ({ Records }, { functionName }) => {
          for (const record of Records) {
            const id = record.dynamodb.Keys.id.S;
            ${before}
            await put({
              id: { S: functionName + " " + id + " " + record.eventName },
              record: { S: JSON.stringify(record) },
            });
          }
        };`,
    },
  },
});
const mapping = (functionName: string, more: object = {}) => ({
  Type: "AWS::Lambda::EventSourceMapping",
  DependsOn: functionName === "first" ? "First" : "Second",
  Properties: {
    FunctionName: functionName,
    EventSourceArn: { "Fn::GetAtt": ["Orders", "StreamArn"] },
    StartingPosition: "TRIM_HORIZON",
    ...more,
  },
});
const base = {
  Orders: table("orders", "NEW_AND_OLD_IMAGES"),
  Seen: table("seen"),
  First: writer("first"),
  ToFirst: mapping("first"),
};

const open: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(Resources: object, options: Partial<Parameters<typeof startLocalCloud>[0]> = {}) {
  const assembly = writeAssembly(join(folder, `assembly-${++assemblies}`), {
    Shop: { template: { Resources } },
  });
  const cloud = await startLocalCloud({ assembly, port: 0, ...options });
  const clients = awsClients(cloud.endpoint);
  open.push(
    () => cloud.stop(),
    () => clients.destroy(),
  );
  const put = (id: string) =>
    clients.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: id } } }));
  const seen = async () => {
    const { Items = [] } = await clients.dynamodb.send(
      new ScanCommand({ TableName: "seen", ConsistentRead: true }),
    );
    return Items.map(({ id }) => id?.S ?? "").sort();
  };
  const untilSeen = (count: number) =>
    eventually(`${count} are seen`, async () => {
      const found = await seen();
      return found.length >= count ? found : undefined;
    });
  return { cloud, ...clients, put, seen, untilSeen };
}

describe("a function on a table's stream", () => {
  it("gets each change in Lambda's form, and another function gets it too", async () => {
    const { put, untilSeen, dynamodb, cloud } = await start({
      ...base,
      Second: writer("second"),
      ToSecond: mapping("second", {
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["REMOVE"]}' }] },
      }),
    });

    await put("a");
    await dynamodb.send(
      new PutItemCommand({ TableName: "orders", Item: { id: { S: "a" }, total: { N: "2" } } }),
    );
    await dynamodb.send(new DeleteItemCommand({ TableName: "orders", Key: { id: { S: "a" } } }));

    expect(await untilSeen(4)).toEqual([
      "first a INSERT",
      "first a MODIFY",
      "first a REMOVE",
      "second a REMOVE",
    ]);
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "seen" }));
    const record = JSON.parse(Items.find(({ id }) => id?.S === "first a MODIFY")?.record?.S ?? "{}");
    expect(record).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { id: { S: "a" } },
        OldImage: { id: { S: "a" } },
        NewImage: { id: { S: "a" }, total: { N: "2" } },
        SequenceNumber: "2",
        SizeBytes: expect.any(Number),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: expect.stringMatching(
        /^arn:aws:dynamodb:us-east-1:000000000000:table\/orders\/stream\/./,
      ),
    });
    expect(cloud.unsupported).toEqual([]);
  });

  it("goes on after a restart where it was, with what was written meanwhile", async () => {
    const dataDir = join(folder, "data");
    const first = await start(base, { dataDir });
    for (const id of ["a", "b"]) await first.put(id);
    await first.untilSeen(2);
    await first.cloud.streamMappings()[0]?.stop();
    await first.put("c");
    await first.cloud.stop();

    const second = await start(base, { dataDir });

    expect(await second.untilSeen(3)).toEqual(["first a INSERT", "first b INSERT", "first c INSERT"]);
    // What the function has written is seen before its answer is counted.
    await eventually("it is counted", () => second.cloud.streamMappings()[0]?.stats().handled === 1);
    expect(second.cloud.streamMappings()[0]?.stats()).toMatchObject({ received: 1, handled: 1 });
  });

  it("gets a batch again when its process was killed in the middle of it", async () => {
    const slow = "if (id === 'b') await new Promise((done) => setTimeout(done, 400));";
    const { cloud, put, untilSeen } = await start(
      { ...base, First: writer("first", slow), ToFirst: mapping("first", { BatchSize: 10 }) },
      { environments: "process" },
    );
    for (const id of ["a", "b", "c"]) await put(id);
    await untilSeen(1);
    await eventually("it is busy", () => cloud.functions.stats("first").running === 1);

    expect(cloud.functions.killOne()?.functionName).toBe("first");

    expect(await untilSeen(3)).toEqual(["first a INSERT", "first b INSERT", "first c INSERT"]);
    await eventually("all is decided on", () => cloud.streamMappings()[0]?.stats().inFlight === 0);
    expect(cloud.functions.stats("first").errors).toBe(1);
  });

  it("loses what it cannot handle to the destination, and says so", async () => {
    const lines: string[] = [];
    const { cloud, sqs, put, untilSeen } = await start(
      {
        ...base,
        First: writer("first", "if (id === 'bad') throw new Error('no');"),
        Lost: { Type: "AWS::SQS::Queue", Properties: { QueueName: "lost" } },
        ToFirst: mapping("first", {
          MaximumRetryAttempts: 1,
          BisectBatchOnFunctionError: true,
          DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": ["Lost", "Arn"] } } },
        }),
      },
      { onProgress: (text) => lines.push(text) },
    );

    for (const id of ["bad", "good"]) await put(id);

    expect(await untilSeen(1)).toEqual(["first good INSERT"]);
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: `${cloud.endpoint}/000000000000/lost`, WaitTimeSeconds: 5 }),
    );
    expect(JSON.parse(Messages?.[0]?.Body ?? "{}")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted" },
      DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: "1" },
    });
    expect(lines).toContain("first has lost 1 records of its stream (RetryAttemptsExhausted), as on AWS");
  });

  it("is listed, described and changed by Lambda's API", async () => {
    const { lambda, put, seen, untilSeen } = await start({
      ...base,
      ToFirst: mapping("first", { MaximumRecordAgeInSeconds: 3_600, StartingPosition: "LATEST" }),
    });
    const { EventSourceMappings = [] } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName: "first" }),
    );
    const { UUID = "" } = EventSourceMappings[0] ?? {};
    const change = (more: object) => lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...more }));

    expect(EventSourceMappings).toMatchObject([
      {
        EventSourceArn: expect.stringContaining(":table/orders/stream/"),
        StartingPosition: "LATEST",
        BatchSize: 100,
        MaximumRetryAttempts: -1,
        MaximumRecordAgeInSeconds: 3_600,
        ParallelizationFactor: 1,
        BisectBatchOnFunctionError: false,
        State: "Enabled",
      },
    ]);
    await change({ Enabled: false, BatchSize: 5, MaximumRetryAttempts: 2, MaximumRecordAgeInSeconds: -1 });
    await eventually("it is off", async () => {
      const now = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
      return now.State === "Disabled" && now.BatchSize === 5 && now.MaximumRecordAgeInSeconds === -1;
    });
    await put("a");
    const Pattern = '{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"b"}]}}}}';
    const changed = await change({ Enabled: true, FilterCriteria: { Filters: [{ Pattern }] } });
    await put("b");

    expect(changed.FilterCriteria?.Filters).toEqual([{ Pattern }]);
    expect(await untilSeen(1)).toEqual(["first b INSERT"]);
    expect(await seen()).toHaveLength(1);
    await expect(change({ ParallelizationFactor: 11 })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
  });

  it("takes new settings and goes with the template, and says what is not here", async () => {
    const { cloud } = await start({
      ...base,
      Second: writer("second"),
      ToSecond: mapping("second", { StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: 1 }),
    });
    const reload = (Resources: object) =>
      cloud.reload(
        writeAssembly(join(folder, `assembly-${++assemblies}`), { Shop: { template: { Resources } } }),
      );

    expect(cloud.unsupported).toEqual([
      "Shop/ToSecond (AWS::Lambda::EventSourceMapping): property StartingPositionTimestamp is not applied here",
      "Shop/ToSecond (AWS::Lambda::EventSourceMapping): StartingPosition AT_TIMESTAMP: TRIM_HORIZON and LATEST are known here",
    ]);
    await reload({ ...base, ToFirst: mapping("first", { BatchSize: 7 }) });
    expect(streamSpecs(cloud)).toMatchObject([{ functionName: "first", batchSize: 7 }]);
    const { ToFirst: _gone, ...rest } = base;
    await reload(rest);
    expect(streamSpecs(cloud)).toEqual([]);
  });
});

function streamSpecs(cloud: LocalCloud) {
  return cloud.streamMappings().map(({ spec }) => spec);
}
