import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, type ITable, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib/core";
import { EventBus, Outbox, type OutboxProps } from "../../lib/index.ts";
import { aBus, anApp, aStack, orderPaid, templateOf } from "../helpers/stacks.ts";

function anOutbox(props: Partial<OutboxProps> = {}, stack = aStack()) {
  const bus = aBus(stack);
  const outbox = new Outbox(stack, "Outbox", { bus, ...props });
  return { bus, outbox, stack };
}

function aTable(stack: Stack, stream?: StreamViewType): ITable {
  return new Table(stack, "Entities", {
    tableName: "entities",
    partitionKey: { name: "entity", type: AttributeType.STRING },
    sortKey: { name: "part", type: AttributeType.STRING },
    ...(stream ? { stream } : {}),
  }) as ITable;
}

const keys = { prefix: "outbox#", partitionKey: "entity", sortKey: "part" };

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(stack: Stack, role: string): readonly Statement[] {
  const policies = Object.entries(templateOf(stack).findResources("AWS::IAM::Policy"));
  return policies
    .filter(([id]) => id.includes(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

describe("Outbox", () => {
  it("has a table that outlives its stack, tells of new rows, and forgets nothing", () => {
    templateOf(anOutbox().stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        TableName: "shop-outbox",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        BillingMode: "PAY_PER_REQUEST",
        StreamSpecification: Match.objectLike({ StreamViewType: "NEW_IMAGE" }),
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: Match.absent(),
        GlobalSecondaryIndexes: Match.absent(),
      },
    });
  });

  it("has a relay behind the stream, which is told of new rows alone, and sweeps every minute", () => {
    const template = templateOf(anOutbox().stack);

    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-relay",
      Handler: "relay.handler",
      Timeout: 300,
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^OutboxTable"), "StreamArn"] },
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      MaximumRetryAttempts: 3,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ["INSERT"],
              dynamodb: { Keys: { pk: { S: [{ prefix: "row#" }, { prefix: "line#" }] } } },
            }),
          },
        ],
      },
    });
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      Name: "shop-relay",
      ScheduleExpression: "rate(1 minute)",
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 0 });
  });

  it("lets its relay publish to the bus's topics, touch the outbox's items, and nothing else", () => {
    const { stack } = anOutbox();

    const statements = statementsOf(stack, "RelayRole");
    const actions = statements.flatMap(({ Action }) => Action);
    const items = statements.find(({ Action }) => Action.includes("dynamodb:PutItem"));
    expect(items?.Condition).toEqual({
      "ForAllValues:StringLike": {
        "dynamodb:LeadingKeys": ["row#*", "line#*", "head#*", "dead#*", "sweep#*"],
      },
    });
    expect(actions).not.toContain("dynamodb:Scan");
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(statements.filter(({ Resource }) => Resource === "*")).toEqual([]);
    const publish = statements.find(({ Action }) => Action === "sns:Publish");
    expect(publish?.Resource).toHaveLength(3);
  });

  it("lets its relay publish to the topics of some contracts alone", () => {
    const { stack } = anOutbox({ contracts: [orderPaid] });

    const publish = statementsOf(stack, "RelayRole").find(({ Action }) => Action === "sns:Publish");
    expect(JSON.stringify(publish?.Resource)).toContain("shop-orders");
    expect(JSON.stringify(publish?.Resource)).not.toContain("shop-stock");
  });

  it("lets a writer put rows and keep sequences, and neither read nor remove rows", () => {
    const { stack, outbox } = anOutbox();
    const writer = new Role(stack, "Writer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });

    outbox.grantAdd(writer);

    expect(statementsOf(stack, "Writer")).toEqual([
      {
        Effect: "Allow",
        Action: "dynamodb:PutItem",
        Resource: { "Fn::GetAtt": [expect.stringMatching(/^OutboxTable/), "Arn"] },
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["row#*", "line#*"] } },
      },
      {
        Effect: "Allow",
        Action: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
        Resource: { "Fn::GetAtt": [expect.stringMatching(/^OutboxTable/), "Arn"] },
        Condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["last#*"] } },
      },
    ]);
  });

  it("lives in a table that there is, under its prefix and its keys", () => {
    const stack = aStack();
    const table = aTable(stack, StreamViewType.NEW_AND_OLD_IMAGES);
    const { outbox } = anOutbox(
      { table, ...keys, grace: Duration.minutes(2), maxMessageSize: 300_000 },
      stack,
    );
    const writer = new Role(stack, "Writer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });

    outbox.grantAdd(writer);

    const template = templateOf(stack);
    template.resourcePropertiesCountIs("AWS::DynamoDB::Table", { TableName: "shop-outbox" }, 0);
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              eventName: ["INSERT"],
              dynamodb: { Keys: { entity: { S: [{ prefix: "outbox#row#" }, { prefix: "outbox#line#" }] } } },
            }),
          },
        ],
      },
    });
    expect(JSON.stringify(statementsOf(stack, "Writer"))).toContain('["outbox#row#*","outbox#line#*"]');
    expect(JSON.stringify(statementsOf(stack, "RelayRole"))).toContain(
      '["outbox#row#*","outbox#line#*","outbox#head#*","outbox#dead#*","outbox#sweep#*"]',
    );
    const settings = JSON.stringify(
      template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "shop-relay" } }),
    );
    for (const part of ['"graceMs":120000', '"maxBytes":300000', '"prefix":"outbox#"', '"sortKey":"part"']) {
      expect(settings.replaceAll("\\", "")).toContain(part);
    }
  });

  it("raises an alarm for what waits, for what is dead, for keys that stand, and when nothing sweeps", () => {
    const stack = aStack();
    const topic = new Topic(stack, "Alarms");
    const { outbox } = anOutbox({ alarmAction: new SnsAction(topic) }, stack);

    const template = templateOf(stack);
    expect(outbox.alarms).toHaveLength(5);
    for (const [AlarmName, MetricName, Threshold] of [
      ["shop-outbox-oldest", "OutboxOldestMs", 360_000],
      ["shop-outbox-dead", "OutboxDead", 0],
      ["shop-outbox-parked", "OutboxParked", 0],
      ["shop-outbox-gaps", "OutboxGaps", 0],
      ["shop-outbox-no-sweep", "OutboxSweeps", 1],
    ]) {
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        ...{ AlarmName, MetricName, Threshold, Namespace: "Omnibus" },
        Dimensions: [
          { Name: "Bus", Value: "shop" },
          { Name: "Job", Value: "relay" },
        ],
        AlarmActions: [Match.objectLike({ Ref: Match.stringLikeRegexp("^Alarms") })],
      });
    }
    expect(anOutbox({ alarms: false }).outbox.alarms).toEqual([]);
  });

  it("uses the bus's key, and goes with its stack when told", () => {
    const stack = aStack();
    const encryptionKey = new Key(stack, "Key");
    const bus = aBus(stack, { encryptionKey });
    const outbox = new Outbox(stack, "Outbox", { bus, removalPolicy: RemovalPolicy.DESTROY });
    const writer = new Role(stack, "Writer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });

    outbox.grantAdd(writer);

    templateOf(stack).hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Delete",
      Properties: { TableName: "shop-outbox", SSESpecification: Match.objectLike({ SSEType: "KMS" }) },
    });
    for (const role of ["RelayRole", "Writer"]) {
      expect(statementsOf(stack, role).flatMap(({ Action }) => Action)).toContain("kms:Decrypt");
    }
  });

  it("stands beside a bus that was made elsewhere, when the contracts are named", () => {
    const stack = aStack();
    const bus = EventBus.fromName(stack, "Bus", "shop", { account: "123456789012", region: "eu-west-1" });

    new Outbox(stack, "Outbox", { bus, contracts: [orderPaid] });

    const publish = statementsOf(stack, "RelayRole").find(({ Action }) => Action === "sns:Publish");
    expect(publish?.Resource).toBe("arn:aws:sns:eu-west-1:123456789012:shop-orders");
    expect(() => new Outbox(aStack(), "Outbox", { bus })).toThrow("name the contracts");
  });

  it.each([
    ["outbox-stream", (stack: Stack) => ({ table: aTable(stack), ...keys }), "the table has no stream"],
    [
      "outbox-stream",
      (stack: Stack) => ({ table: aTable(stack, StreamViewType.KEYS_ONLY), ...keys }),
      "the table's stream has KEYS_ONLY",
    ],
    [
      "outbox-prefix",
      (stack: Stack) => ({ table: aTable(stack, StreamViewType.NEW_IMAGE) }),
      "the table has no prefix",
    ],
    ["outbox-prefix", () => ({ prefix: "outbox#" }), 'prefix "outbox#"; none is allowed'],
    [
      "outbox-prefix",
      (stack: Stack) => ({ table: aTable(stack, StreamViewType.NEW_IMAGE), prefix: "out*" }),
      'prefix "out*"',
    ],
    ["outbox-grace", () => ({ grace: Duration.seconds(9) }), "grace 9 seconds"],
    ["outbox-grace", () => ({ grace: Duration.hours(2) }), "grace 2 hours"],
  ])("fails by %s", (id, props, finding) => {
    const stack = aStack("shop", anApp());

    expect(() => anOutbox(props(stack), stack)).toThrow(`[${id}] ${finding}`);
  });

  it("fails by outbox-taken where the bus has one, and takes one for each of two buses", () => {
    const { stack, bus } = anOutbox();

    expect(() => new Outbox(stack, "Other", { bus })).toThrow(
      "[outbox-taken] bus shop has an outbox already, at shop/Outbox",
    );
    const other = new EventBus(stack, "Books", {
      name: "books",
      topics: ["loans"],
      governor: false,
      archive: false,
    });
    expect(() => new Outbox(stack, "BooksOutbox", { bus: other })).not.toThrow();
  });
});
