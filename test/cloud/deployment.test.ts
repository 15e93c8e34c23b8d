import { join } from "node:path";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type LocalCloud, startLocalCloud } from "../../local/cloud/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();
let assemblies = 0;
const assemblyOf = (stacks: Parameters<typeof writeAssembly>[1]) =>
  writeAssembly(join(folder, `assembly-${++assemblies}`), stacks);

const topic = { Type: "AWS::SNS::Topic" };
const code = (text: string) => ({ ZipFile: `exports.handler = async () => ${JSON.stringify(text)};` });
const greeter = (text: string, more: object = {}) => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: "greeter",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: code(text),
    ...more,
  },
});

async function started(
  stacks: Parameters<typeof writeAssembly>[1],
  use: (cloud: LocalCloud) => Promise<void> | void,
) {
  const cloud = await startLocalCloud({ assembly: assemblyOf(stacks), port: 0 });
  try {
    await use(cloud);
  } finally {
    await cloud.stop();
  }
}

async function refused(stacks: Parameters<typeof writeAssembly>[1]): Promise<string> {
  try {
    const cloud = await startLocalCloud({ assembly: assemblyOf(stacks), port: 0 });
    await cloud.stop();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return "it started";
}

describe("startLocalCloud", () => {
  it("lists types and properties that it does not have, and runs the rest", async () => {
    const template = {
      Resources: {
        Topic: { ...topic, Properties: { Sparkle: true, Tags: [] } },
        Machine: { Type: "AWS::StepFunctions::StateMachine" },
        Java: {
          Type: "AWS::Lambda::Function",
          Properties: { FunctionName: "java", Runtime: "java21", Handler: "A::b", Code: { S3Key: "a" } },
        },
        Mail: {
          Type: "AWS::SNS::Subscription",
          Properties: { TopicArn: { Ref: "Topic" }, Protocol: "email", Endpoint: "a@example.com" },
        },
      },
    };

    await started({ Shop: { template } }, ({ unsupported, stacks }) => {
      expect(unsupported).toEqual([
        "Shop/Topic (AWS::SNS::Topic): property Sparkle is not applied here",
        "Shop/Machine: AWS::StepFunctions::StateMachine is not part of the local cloud",
        "Shop/Java (AWS::Lambda::Function): Runtime java21: functions in Node.js and Python run here",
        "Shop/Mail (AWS::SNS::Subscription): Protocol email: only sqs is delivered",
      ]);
      expect(stacks[0]?.resources.map(({ logicalId }) => logicalId)).toContain("Topic");
    });
  });

  it("names both when a resource needs one that is not here", async () => {
    const template = {
      Resources: {
        Machine: { Type: "AWS::StepFunctions::StateMachine" },
        Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::GetAtt": ["Machine", "Name"] } } },
      },
    };

    expect(await refused({ Shop: { template } })).toBe(
      "Shop/Queue (AWS::SQS::Queue): refers to Shop/Machine, an AWS::StepFunctions::StateMachine, which is not part of the local cloud",
    );
  });

  it("takes what it has no engine for, by the name that others use, and the settings of a bucket", async () => {
    const template = {
      Resources: {
        Archive: {
          Type: "AWS::S3::Bucket",
          Properties: {
            BucketName: "archive",
            VersioningConfiguration: { Status: "Enabled" },
            LifecycleConfiguration: { Rules: [] },
            IntelligentTieringConfigurations: [],
            Tags: [],
          },
        },
        Catalogue: {
          Type: "AWS::Glue::Database",
          Properties: { CatalogId: "0", DatabaseInput: { Name: "shop" } },
        },
        Events: {
          Type: "AWS::Glue::Table",
          Properties: {
            DatabaseName: { Ref: "Catalogue" },
            TableInput: { Name: "events", StorageDescriptor: { Location: { Ref: "Archive" } } },
          },
        },
      },
      Outputs: { Events: { Value: { "Fn::Join": [".", [{ Ref: "Catalogue" }, { Ref: "Events" }]] } } },
    };

    await started({ Shop: { template } }, ({ unsupported, stacks }) => {
      expect(unsupported).toEqual([]);
      expect(stacks[0]?.outputs).toEqual({ Events: "shop.events" });
    });
  });

  it("takes no offence at what only an ignored policy refers to", async () => {
    const template = {
      Resources: {
        Machine: { Type: "AWS::StepFunctions::StateMachine" },
        Policy: {
          Type: "AWS::IAM::Policy",
          Properties: { PolicyDocument: { Resource: { Ref: "Machine" } } },
        },
      },
    };

    await started({ Shop: { template } }, ({ unsupported }) => {
      expect(unsupported).toHaveLength(1);
    });
  });

  it("asks for the default of a parameter that has none", async () => {
    const template = {
      Parameters: { Size: { Type: "String" } },
      Resources: { Topic: { ...topic, Properties: { TopicName: { Ref: "Size" } } } },
    };

    expect(await refused({ Shop: { template } })).toContain("parameter Size of stack Shop has no default");
  });

  it("says which import nobody exports, and which resources go in a circle", async () => {
    const importing = {
      Resources: { Topic: { ...topic, Properties: { TopicName: { "Fn::ImportValue": "nowhere" } } } },
    };
    const circle = {
      Resources: {
        A: { ...topic, Properties: { TopicName: { "Fn::GetAtt": ["B", "TopicName"] } } },
        B: { ...topic, DependsOn: "A" },
      },
    };

    expect(await refused({ Shop: { template: importing } })).toContain(
      'imports "nowhere", which no stack before it exports',
    );
    expect(await refused({ Shop: { template: circle } })).toContain("in a circle: A → B → A");
  });

  it("gives stacks the outputs of others, whichever comes first", async () => {
    const taking = {
      Resources: {
        Topic: {
          ...topic,
          Properties: { TopicName: { "Fn::GetStackOutput": { StackName: "Zoo", OutputName: "Name" } } },
        },
      },
    };
    const giving = { Resources: { Topic: topic }, Outputs: { Name: { Value: "given" } } };

    await started({ Shop: { template: taking }, Zoo: { template: giving } }, ({ stacks }) => {
      expect(stacks.map(({ name }) => name)).toEqual(["Zoo", "Shop"]);
      expect(stacks[1]?.resources[0]?.physicalId).toMatch(/:given$/);
    });
    expect(await refused({ Shop: { template: taking } })).toContain("needs output Name of stack Zoo");
  });

  it("reads an app that fixed its account as one of the local account", async () => {
    const template = {
      Resources: { Topic: { ...topic, Properties: { TopicName: "fixed" } } },
      Outputs: { Arn: { Value: "arn:aws:sns:eu-west-1:123456789012:fixed" } },
    };

    await started({ Shop: { template, environment: "aws://123456789012/eu-west-1" } }, (cloud) => {
      expect(cloud.region).toBe("eu-west-1");
      expect(cloud.stacks[0]?.outputs.Arn).toBe("arn:aws:sns:eu-west-1:000000000000:fixed");
      expect(cloud.stacks[0]?.resources[0]?.physicalId).toBe("arn:aws:sns:eu-west-1:000000000000:fixed");
    });
  });
});

describe("an app that stands", () => {
  it("is said to by the health page, and hears of messages that no subscription wants", async () => {
    const lines: string[] = [];
    const Resources = {
      Orders: { ...topic, Properties: { TopicName: "orders" } },
      Queue: { Type: "AWS::SQS::Queue" },
      Subscription: {
        Type: "AWS::SNS::Subscription",
        Properties: {
          TopicArn: { Ref: "Orders" },
          Protocol: "sqs",
          Endpoint: { "Fn::GetAtt": ["Queue", "Arn"] },
          FilterPolicy: { type: ["order.created"] },
        },
      },
    };
    const cloud = await startLocalCloud({
      assembly: assemblyOf({ Shop: { template: { Resources } } }),
      port: 0,
      onProgress: (text) => lines.push(text),
    });
    const clients = awsClients(cloud.endpoint);
    try {
      await eventually(
        "the health page says so",
        async () => (await fetch(`${cloud.endpoint}/_localstack/health`)).status === 200,
      );

      const TopicArn = cloud.stacks[0]?.resources[0]?.physicalId;
      await clients.sns.send(new PublishCommand({ TopicArn, Message: "{}" }));

      await eventually("the note", () => lines.length > 0);
      expect(lines).toEqual([expect.stringMatching(/^topic orders: a message matched no subscription/)]);
    } finally {
      clients.destroy();
      await cloud.stop();
    }
  });
});

describe("a function that cannot start", () => {
  it("has it said how long its messages stay hidden, when it fails and when it is replaced", async () => {
    const lines: string[] = [];
    const shop = (handler: string) =>
      assemblyOf({
        Shop: {
          template: {
            Resources: {
              Greeter: greeter("hello", { Handler: handler }),
              Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders", VisibilityTimeout: 180 } },
              Mapping: {
                Type: "AWS::Lambda::EventSourceMapping",
                Properties: {
                  EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
                  FunctionName: { Ref: "Greeter" },
                },
              },
            },
          },
        },
      });
    const cloud = await startLocalCloud({
      assembly: shop("index.missing"),
      port: 0,
      onProgress: (text) => lines.push(text),
    });
    const clients = awsClients(cloud.endpoint);
    try {
      const [queue] = await cloud.queues();
      await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue?.url, MessageBody: "hello" }));
      await eventually("the failure is told", () => lines.length > 0);

      await cloud.reload(shop("index.handler"));

      await eventually("the mending is told", () => lines.length > 1);
      expect(lines).toEqual([
        "greeter does not start: what orders hands out meanwhile stays hidden for 180 s each time, then comes again (the queue's visibility timeout)",
        expect.stringMatching(/^greeter was replaced: .* up to 180 s, .* what is new is handled at once/),
      ]);
    } finally {
      clients.destroy();
      await cloud.stop();
    }
  });
});

describe("reload", () => {
  const queue = (visibility: number) => ({
    Type: "AWS::SQS::Queue",
    Properties: { QueueName: "orders", VisibilityTimeout: visibility },
  });
  const table = (key: string) => ({
    Type: "AWS::DynamoDB::Table",
    Properties: {
      TableName: "things",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    },
  });
  const mapping = (batchSize: number) => ({
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
      FunctionName: { Ref: "Greeter" },
      BatchSize: batchSize,
    },
  });
  let cloud: LocalCloud;
  const reload = (Resources: object) => cloud.reload(assemblyOf({ Shop: { template: { Resources } } }));
  const before = {
    Greeter: greeter("one"),
    Queue: queue(30),
    Table: table("id"),
    Mapping: mapping(1),
    Topic: topic,
  };

  beforeAll(async () => {
    cloud = await startLocalCloud({
      assembly: assemblyOf({ Shop: { template: { Resources: before } } }),
      port: 0,
    });
  });
  afterAll(() => cloud.stop());

  it("changes nothing when nothing has changed", async () => {
    expect(await reload(before)).toEqual({ changed: [], notApplied: [] });
  });

  it("runs new code of a function", async () => {
    expect(await cloud.functions.invoke("greeter", "{}")).toMatchObject({ payload: '"one"' });

    const { changed } = await reload({ ...before, Greeter: greeter("two") });

    expect(changed).toEqual(["Shop/Greeter"]);
    expect(await cloud.functions.invoke("greeter", "{}")).toMatchObject({ payload: '"two"' });
  });

  it("applies settings of queues and mappings, and makes what is new", async () => {
    const after = {
      ...before,
      Greeter: greeter("two"),
      Queue: queue(60),
      Mapping: mapping(7),
      More: { Type: "AWS::SQS::Queue" },
    };

    const { changed, notApplied } = await reload(after);

    expect([...changed].sort()).toEqual(["Shop/Mapping", "Shop/More", "Shop/Queue"]);
    expect(notApplied).toEqual([]);
    expect(cloud.mappings()[0]?.spec.batchSize).toBe(7);
    expect(await cloud.queues()).toHaveLength(2);
  });

  it("says what needs a new start", async () => {
    const { Topic: _gone, ...rest } = before;

    const { notApplied } = await reload({ ...rest, Table: table("other") });

    expect(notApplied).toEqual([
      "Shop/Table (AWS::DynamoDB::Table): such a change needs a new start",
      "Shop/More (AWS::SQS::Queue): it is gone from the app and stays until the next start",
      "Shop/Topic (AWS::SNS::Topic): it is gone from the app and stays until the next start",
    ]);
  });

  it("keeps what has moved to another stack or logical id", async () => {
    const topicArn = "arn:aws:sns:us-east-1:000000000000:moves";
    const queueAt = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
    const consumer = (prefix: string) => ({
      [`${prefix}Queue`]: { Type: "AWS::SQS::Queue", Properties: { QueueName: "moving" } },
      [`${prefix}Greeter`]: greeter("moved", { FunctionName: "mover" }),
      [`${prefix}Subscription`]: {
        Type: "AWS::SNS::Subscription",
        Properties: {
          TopicArn: topicArn,
          Protocol: "sqs",
          Endpoint: queueAt(`${prefix}Queue`),
        },
      },
      [`${prefix}Mapping`]: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          EventSourceArn: queueAt(`${prefix}Queue`),
          FunctionName: { Ref: `${prefix}Greeter` },
        },
      },
    });
    const bus = { Moves: { ...topic, Properties: { TopicName: "moves" } } };
    const stacks = (shop: object, other: object) =>
      assemblyOf({
        Shop: { template: { Resources: { ...bus, ...shop } } },
        Other: { template: { Resources: other } },
      });
    const moving = await startLocalCloud({ assembly: stacks(consumer("Old"), {}), port: 0 });
    const clients = awsClients(moving.endpoint);
    try {
      const { notApplied } = await moving.reload(stacks({}, consumer("New")));

      expect(notApplied).toEqual([]);
      expect(await moving.functions.invoke("mover", "{}")).toMatchObject({ payload: '"moved"' });
      expect(moving.mappings().map(({ spec }) => spec.functionName)).toEqual(["mover"]);
      await clients.sns.send(new PublishCommand({ TopicArn: topicArn, Message: "still there" }));
      await eventually("the delivery", () => moving.functions.stats("mover").invocations === 2);
    } finally {
      clients.destroy();
      await moving.stop();
    }
  });

  it("stops what is gone from the app", async () => {
    await reload({ Table: table("id"), Queue: queue(30) });

    expect(cloud.mappings()).toEqual([]);
    expect(cloud.functions.specs()).toEqual([]);
  });
});
