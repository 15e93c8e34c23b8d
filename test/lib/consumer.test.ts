import { describe, expect, it } from "@jest/globals";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { type IVpc, Vpc } from "aws-cdk-lib/aws-ec2";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Architecture } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Consumer, type ConsumerProps, EventBus, type Where } from "../../lib/index.ts";
import { limit } from "../../src/limits/index.ts";
import {
  aBus,
  aConsumer,
  anApp,
  aStack,
  balanceMoved,
  entry,
  orderPaid,
  orderPlaced,
  stockLocked,
  templateOf,
} from "../helpers/stacks.ts";

const ordersArn = Match.objectLike({ "Fn::Join": ["", Match.arrayWith([":shop-orders"])] });
const tlsOnly = Match.objectLike({
  Effect: "Deny",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** The settings of a consumer's function, with account and region where tokens stood. */
function settingsIn(stack: Stack): Record<string, unknown> {
  const [found] = Object.values(templateOf(stack).findResources("AWS::Lambda::Function"));
  const line = found?.Properties.Environment.Variables.OMNIBUS;
  const parts: (string | { Ref: string })[] = typeof line === "string" ? [line] : line["Fn::Join"][1];
  return JSON.parse(parts.map((part) => (typeof part === "string" ? part : part.Ref)).join(""));
}

describe("Consumer", () => {
  it("has three queues named after it, dead letters outliving the stack", () => {
    const { stack } = aConsumer();

    const template = templateOf(stack);
    template.resourceCountIs("AWS::SQS::Queue", 3);
    template.hasResource("AWS::SQS::Queue", {
      DeletionPolicy: "Delete",
      Properties: {
        QueueName: "shop-Points",
        VisibilityTimeout: 180,
        MessageRetentionPeriod: 345_600,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { maxReceiveCount: 890, deadLetterTargetArn: Match.anyValue() },
      },
    });
    for (const name of ["shop-Points-dead", "shop-Points-undelivered"]) {
      template.hasResource("AWS::SQS::Queue", {
        DeletionPolicy: "RetainExceptOnCreate",
        UpdateReplacePolicy: "Retain",
        Properties: { QueueName: name, MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true },
      });
    }
  });

  it("lets only its topics send, and nobody without TLS", () => {
    const { stack } = aConsumer();

    const template = templateOf(stack);
    const policies = Object.values(template.findResources("AWS::SQS::QueuePolicy"));
    expect(policies).toHaveLength(3);
    template.resourcePropertiesCountIs(
      "AWS::SQS::QueuePolicy",
      { PolicyDocument: { Statement: Match.arrayWith([tlsOnly]) } },
      3,
    );
    template.resourcePropertiesCountIs(
      "AWS::SQS::QueuePolicy",
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Allow",
              Action: "sqs:SendMessage",
              Principal: { Service: "sns.amazonaws.com" },
              Condition: { ArnEquals: { "aws:SourceArn": [ordersArn] } },
            }),
          ]),
        },
      },
      2,
    );
  });

  it("subscribes raw and filtered, with a queue for what cannot be delivered", () => {
    const { stack } = aConsumer();

    templateOf(stack).hasResourceProperties("AWS::SNS::Subscription", {
      TopicArn: ordersArn,
      Protocol: "sqs",
      RawMessageDelivery: true,
      FilterPolicyScope: "MessageAttributes",
      FilterPolicy: { type: ["order.placed"] },
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue() },
      Region: Match.absent(),
    });
  });

  it("runs on Node 24 and arm64, with partial answers and a bounded mapping", () => {
    const { stack } = aConsumer();

    const template = templateOf(stack);
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-Points",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Architectures: ["arm64"],
      MemorySize: 512,
      Timeout: 30,
      ReservedConcurrentExecutions: Match.absent(),
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumBatchingWindowInSeconds: Match.absent(),
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    template.hasResource("AWS::Logs::LogGroup", {
      DeletionPolicy: "Delete",
      Properties: { LogGroupName: "/aws/lambda/shop-Points", RetentionInDays: 30 },
    });
  });

  it("hands its settings to the function", () => {
    const { stack } = aConsumer();

    expect(settingsIn(stack)).toEqual({
      v: 1,
      bus: "shop",
      consumer: "Points",
      on: ["order.placed:1"],
      emits: [],
      mode: "once",
      fifo: false,
      account: "AWS::AccountId",
      region: "AWS::Region",
      attempts: 89,
      firstDelayMs: 5_000,
      maxDelayMs: 900_000,
      marginMs: 3_000,
      keepMs: 60 * 86_400_000,
      parallel: 10,
      maximumConcurrency: 10,
      breaker: { failures: 5, windowMs: 30_000, probeMs: 10_000 },
      filters: { orders: { type: ["order.placed"] } },
    });
  });

  it("leaves filters out of its settings where they do not fit, and works without", () => {
    const country = Array.from({ length: 120 }, (_, nth) => `country-with-a-long-name-${nth}`);
    const { stack } = aConsumer({ where: { country } });

    const settings = settingsIn(stack) as { filters?: unknown; on?: unknown };
    expect(settings.filters).toBeUndefined();
    expect(settings.on).toEqual(["order.placed:1"]);
  });

  it("tells its function when a dependency is down, and lets it at its own hold alone", () => {
    const { stack } = aConsumer({
      concurrency: 20,
      breaker: { failures: 3, window: Duration.minutes(1), probeEvery: Duration.seconds(5) },
    });

    expect(settingsIn(stack)).toMatchObject({
      maximumConcurrency: 20,
      breaker: { failures: 3, windowMs: 60_000, probeMs: 5_000 },
    });
    templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: "Allow",
            Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
            Resource: { "Fn::Join": ["", Match.arrayWith([":table/shop-jobs"])] },
            Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["hold#Points"] } },
          },
        ]),
      },
    });
  });

  it("leaves the bound of recovery to Lambda where it has none", () => {
    expect(settingsIn(aConsumer({ maximumConcurrency: "unset" }).stack)).not.toHaveProperty(
      "maximumConcurrency",
    );
  });

  it("knows no holds away from its bus", () => {
    const stack = new Stack(anApp(), "far", { env: { account: "111122223333", region: "eu-west-1" } });
    const bus = EventBus.fromName(stack, "Bus", "shop", { region: "us-east-1" });

    new Consumer(stack, "Points", { bus, on: [orderPlaced], entry });

    expect(settingsIn(stack)).not.toHaveProperty("breaker");
    expect(JSON.stringify(templateOf(stack).findResources("AWS::IAM::Policy"))).not.toContain("shop-jobs");
  });

  it("tells its function its limits, and lets it reserve starts", () => {
    const partner = limit("partner", { rate: "50/s" });
    const { stack } = aConsumer({ limits: [partner], concurrency: 5 });

    expect(settingsIn(stack)).toMatchObject({ limits: [partner.meaning] });
    templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: "Allow",
            Action: "dynamodb:UpdateItem",
            Resource: { "Fn::Join": ["", Match.arrayWith([":table/shop-limits"])] },
          },
        ]),
      },
    });
  });

  it("tells its function to park, and lets it keep parked groups and send to its own queue", () => {
    const { stack } = aConsumer<typeof balanceMoved>({ on: [balanceMoved], onPoison: "park" });

    expect(settingsIn(stack)).toMatchObject({ fifo: true, onPoison: "park" });
    const policies = Object.values(templateOf(stack).findResources("AWS::IAM::Policy"));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toContainEqual({
      Effect: "Allow",
      Action: ["dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"],
      Resource: { "Fn::Join": ["", expect.arrayContaining([":table/shop-parked"])] },
    });
    const sendsTo = statements.filter(({ Action }) => [Action].flat().includes("sqs:SendMessage"));
    expect(JSON.stringify(sendsTo)).toContain("PointsQueue");
    expect(JSON.stringify(statements)).not.toContain("*");
  });

  it("says nothing of parking where it skips, as by default", () => {
    const { stack } = aConsumer<typeof balanceMoved>({ on: [balanceMoved], onPoison: "skip" });

    expect(settingsIn(stack)).not.toHaveProperty("onPoison");
    expect(JSON.stringify(templateOf(stack).toJSON())).not.toContain("shop-parked");
  });

  it("names each contract that its handler may emit once", () => {
    const { stack } = aConsumer({ emits: [stockLocked, stockLocked] });

    expect(settingsIn(stack)).toMatchObject({ emits: ["stock.locked:1"] });
  });

  it("says that it knows shadow runs, in mode transaction and in no other", () => {
    const shadowsIn = (mode: "once" | "transaction") => settingsIn(aConsumer({ mode }).stack).shadows;

    expect([shadowsIn("transaction"), shadowsIn("once")]).toEqual([true, undefined]);
  });

  it("may look at its claims and end them in transactions, in that mode and no other", () => {
    const actionsOn = (mode: "once" | "transaction") => {
      const { stack } = aConsumer({ mode });
      const policies = Object.values(templateOf(stack).findResources("AWS::IAM::Policy"));
      return policies
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .filter(({ Resource }) => JSON.stringify(Resource).includes("table/shop-ledger"))
        .flatMap(({ Action }) => Action)
        .toSorted();
    };
    const statements = ["dynamodb:PartiQLInsert", "dynamodb:PartiQLSelect", "dynamodb:PartiQLUpdate"];

    expect(actionsOn("once")).toEqual(statements);
    expect(actionsOn("transaction")).toEqual(["dynamodb:GetItem", ...statements, "dynamodb:UpdateItem"]);
  });

  it("may do what it must, and names every resource", () => {
    const { stack } = aConsumer({ emits: [stockLocked] });

    const policies = Object.values(templateOf(stack).findResources("AWS::IAM::Policy"));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).toSorted()).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLSelect",
      "dynamodb:PartiQLUpdate",
      "dynamodb:UpdateItem",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sns:Publish",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
    expect(JSON.stringify(statements)).not.toContain("*");
    templateOf(stack).hasResourceProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
  });

  it("may use the key of its ledger as a table's own grant would have it: the bus's, or the one that it is told", () => {
    const app = anApp();
    const stack = aStack("points", app);
    const [busKey, ledgerKey] = ["bus", "ledger"].map((id) =>
      Key.fromKeyArn(stack, id, `arn:aws:kms:eu-west-1:111122223333:key/${id}`),
    ) as [IKey, IKey];
    const bus = EventBus.fromName(stack, "Bus", "shop", { encryptionKey: busKey });
    const elsewhere = { ledgerKey, bus, on: [orderPlaced], entry };

    new Consumer(stack, "Points", { bus, on: [orderPlaced], entry });
    new Consumer(stack, "Stock", elsewhere);
    new Consumer(stack, "Plain", { ...elsewhere, mode: "none" });
    const ofKeys = (consumer: string) =>
      Object.entries(templateOf(stack).findResources("AWS::IAM::Policy"))
        .filter(([id]) => id.startsWith(consumer))
        .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
        .filter(({ Action }) => JSON.stringify(Action).includes("kms:"));
    const Action = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey*",
      "kms:ReEncrypt*",
    ];

    const mayUse = ({ keyArn }: IKey) => ({ Effect: "Allow", Action, Resource: keyArn });
    expect(ofKeys("Points")).toEqual([mayUse(busKey)]);
    // What holds it lies at the bus.
    expect(ofKeys("Stock")).toEqual([mayUse(ledgerKey), mayUse(busKey)]);
    expect(ofKeys("Plain")).toEqual([mayUse(busKey)]);
  });

  it("has no right to the ledger where it keeps none", () => {
    const { stack } = aConsumer({ mode: "none" });

    expect(JSON.stringify(templateOf(stack).findResources("AWS::IAM::Policy"))).not.toContain("shop-ledger");
  });

  it("takes what users bring", () => {
    const app = anApp();
    const stack = aStack("points", app);
    const key = new Key(stack, "Key");

    new Consumer(stack, "Points", {
      bus: aBus(aStack("bus", app)),
      on: [orderPlaced],
      entry,
      handler: "handler",
      concurrency: 20,
      batchSize: 100,
      batchWindow: Duration.seconds(5),
      maxMessageBytes: 4_096,
      timeout: Duration.minutes(1),
      memorySize: 1_024,
      architecture: Architecture.X86_64,
      retry: {
        survive: Duration.minutes(10),
        firstDelay: Duration.seconds(1),
        maxDelay: Duration.minutes(1),
      },
      retention: Duration.days(2),
      deadLetterRetention: Duration.days(7),
      keep: Duration.days(90),
      parallel: 3,
      mode: "record",
      encryptionKey: key,
      removalPolicy: RemovalPolicy.DESTROY,
      environment: { TABLE: "effects" },
      vpc: new Vpc(stack, "Vpc", { maxAzs: 1 }) as IVpc,
      logGroup: new LogGroup(stack, "Own", { retention: RetentionDays.ONE_WEEK }),
    });

    const template = templateOf(stack);
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-Points",
      VisibilityTimeout: 365,
      MessageRetentionPeriod: 172_800,
      KmsMasterKeyId: Match.anyValue(),
    });
    template.hasResource("AWS::SQS::Queue", {
      DeletionPolicy: "Delete",
      Properties: {
        QueueName: "shop-Points-dead",
        MessageRetentionPeriod: 604_800,
        KmsMasterKeyId: Match.anyValue(),
      },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-Points-undelivered",
      KmsMasterKeyId: Match.absent(),
      SqsManagedSseEnabled: true,
    });
    template.hasResourceProperties("AWS::KMS::Key", {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: "sns.amazonaws.com" },
            Condition: { ArnEquals: { "aws:SourceArn": [ordersArn] } },
          }),
        ]),
      },
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Architectures: ["x86_64"],
      MemorySize: 1_024,
      Timeout: 60,
      ReservedConcurrentExecutions: 20,
      Environment: { Variables: Match.objectLike({ TABLE: "effects" }) },
      VpcConfig: Match.objectLike({ SubnetIds: Match.anyValue() }),
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    template.resourceCountIs("AWS::Logs::LogGroup", 1);
    expect(settingsIn(stack)).toMatchObject({
      mode: "record",
      parallel: 3,
      keepMs: 90 * 86_400_000,
      marginMs: 5_000,
    });
  });

  it("filters by the fields that contracts offer", () => {
    const app = anApp();
    const bus = aBus(aStack("bus", app));
    const stack = aStack("points", app);

    new Consumer(stack, "Points", {
      bus,
      on: [orderPlaced],
      entry,
      where: { country: ["de", { prefix: "f" }], cents: [100, { numeric: [">=", 1_000] }] },
    });

    templateOf(stack).hasResourceProperties("AWS::SNS::Subscription", {
      FilterPolicy: {
        type: ["order.placed"],
        country: ["de", { prefix: "f" }],
        cents: [{ numeric: ["=", 100] }, { numeric: [">=", 1_000] }],
      },
    });
  });

  it("knows the fields of its contracts, to the compiler", () => {
    type Both = typeof orderPlaced | typeof orderPaid;
    const common: Where<Both> = { country: ["de", { exists: false }] };
    // @ts-expect-error a field that not all contracts have
    const foreign: Where<Both> = { cents: [1] };
    // @ts-expect-error a number where the data has text
    const number: Where<typeof orderPlaced> = { country: [7] };
    // @ts-expect-error a numeric rule on text
    const rule: Where<typeof orderPlaced> = { country: [{ numeric: [">", 1] }] };

    expect([common, foreign, number, rule]).toHaveLength(4);
    expect(() => aConsumer<Both>({ on: [orderPlaced, orderPaid], where: common })).not.toThrow();
    expect(() => aConsumer<Both>({ on: [orderPlaced, orderPaid], where: foreign })).toThrow("[filter-field]");
  });

  it("subscribes once to each topic, each with its own types", () => {
    const { stack } = aConsumer({ on: [orderPlaced, orderPaid, stockLocked] } as never);

    const template = templateOf(stack);
    template.resourceCountIs("AWS::SNS::Subscription", 2);
    template.hasResourceProperties("AWS::SNS::Subscription", {
      FilterPolicy: { type: ["order.placed", "order.paid"] },
    });
    template.hasResourceProperties("AWS::SNS::Subscription", { FilterPolicy: { type: ["stock.locked"] } });
  });

  it("is ordered where its topics are", () => {
    const { stack } = aConsumer<typeof balanceMoved>({ on: [balanceMoved] });

    const template = templateOf(stack);
    for (const name of ["shop-Points.fifo", "shop-Points-dead.fifo", "shop-Points-undelivered.fifo"]) {
      template.hasResourceProperties("AWS::SQS::Queue", {
        QueueName: name,
        FifoQueue: true,
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
      });
    }
    expect(settingsIn(stack)).toMatchObject({ fifo: true });
  });

  it("shows what it made, and grants what a consumer run by hand needs", () => {
    const { consumer, stack } = aConsumer();
    const role = new Role(stack, "Hand", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") });

    consumer.grantConsume(role);

    expect(consumer.name).toBe("Points");
    for (const made of [consumer.queue.queueName, consumer.deadLetterQueue.queueName])
      expect(made).toBeDefined();
    expect(consumer.undeliveredQueue.queueArn).toBeDefined();
    expect(consumer.function.functionName).toBeDefined();
    templateOf(stack).resourcePropertiesCountIs(
      "AWS::IAM::Policy",
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(["sqs:ReceiveMessage"]) }),
            Match.objectLike({ Action: Match.arrayWith(["sqs:SendMessage"]) }),
            Match.objectLike({ Action: Match.arrayWith(["dynamodb:PartiQLInsert"]) }),
          ]),
        },
      },
      2,
    );
  });

  it("warns when the policy of its own key is out of reach", () => {
    const app = anApp();
    const stack = aStack("points", app);
    const encryptionKey = Key.fromKeyArn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/abc");

    new Consumer(stack, "Points", { bus: aBus(aStack("bus", app)), on: [orderPlaced], entry, encryptionKey });

    Annotations.fromStack(stack).hasWarning("*", Match.stringLikeRegexp("must let sns.amazonaws.com"));
  });

  it("refuses an entry that is no file", () => {
    expect(() => aConsumer({ entry: "lambdas/nothing.ts" })).toThrow(/nothing\.ts is no file/);
  });
});

describe("Consumer in a stack of its own", () => {
  it("changes no byte of the bus's template, and exports nothing", () => {
    const template = (withConsumers: boolean) => {
      const app = anApp();
      const busStack = aStack("bus", app);
      const bus = aBus(busStack);
      if (withConsumers) {
        const stack = aStack("consumers", app);
        new Consumer(stack, "Points", { bus, on: [orderPlaced], emits: [stockLocked], entry });
        new Consumer(stack, "Sms", { bus, on: [orderPaid], entry });
      }
      return JSON.stringify(templateOf(busStack).toJSON());
    };

    expect(template(true)).toBe(template(false));
  });

  it("is deployed after its bus", () => {
    const { stack, busStack } = aConsumer();

    templateOf(stack);

    expect(stack.dependencies).toContain(busStack);
  });

  it("finds its bus in another account and region by name", () => {
    const stack = new Stack(anApp(), "sms", { env: { account: "222222222222", region: "us-east-1" } });
    const bus = EventBus.fromName(stack, "Bus", "shop", { account: "111111111111", region: "eu-west-1" });

    new Consumer(stack, "Sms", { bus, on: [orderPlaced], entry });

    templateOf(stack).hasResourceProperties("AWS::SNS::Subscription", {
      TopicArn: "arn:aws:sns:eu-west-1:111111111111:shop-orders",
      Region: "eu-west-1",
    });
    expect(settingsIn(stack)).toMatchObject({ account: "111111111111", region: "eu-west-1" });
  });

  describe("with a rate that is too slow for a mapping", () => {
    const slow = limit("partner", { rate: "5/min" });
    const drained = (props: Partial<ConsumerProps> = {}) => aConsumer({ limits: [slow], ...props });

    it("is drained by a schedule that calls its function, and has no mapping", () => {
      const { stack, consumer } = drained();

      const template = templateOf(stack);
      expect(consumer.mapping).toBeUndefined();
      template.resourceCountIs("AWS::Lambda::EventSourceMapping", 0);
      template.hasResourceProperties("AWS::Scheduler::Schedule", {
        Name: "shop-Points",
        ScheduleExpression: "rate(1 minute)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Input: '{"omnibus":{"v":1,"drain":true}}',
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
        },
      });
      template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      });
      template.hasResourceProperties("AWS::Lambda::Function", { Timeout: 300 });
      expect(settingsIn(stack)).toMatchObject({ drain: { everyMs: 60_000, batchSize: 10 }, marginMs: 5_000 });
      expect(settingsIn(stack)).not.toHaveProperty("maximumConcurrency");
    });

    it("may take its own lease, and no other", () => {
      const { stack } = drained();

      templateOf(stack).hasResourceProperties("AWS::IAM::Policy", {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
              Condition: {
                "ForAllValues:StringEquals": {
                  "dynamodb:LeadingKeys": ["hold#Points", "lease#drain#Points"],
                },
              },
            }),
          ]),
        },
      });
    });

    it("has a mapping where it is told so, and a schedule where that is", () => {
      const roomy = limit("partner", { rate: "5/min", horizonMs: 300_000 });
      const mapped = drained({
        limits: [roomy],
        drain: "mapping",
        timeout: Duration.minutes(10),
        maximumConcurrency: 2,
        batchSize: 10,
      });
      const scheduled = drained({ limits: [limit("partner", { rate: "50/s" })], drain: "schedule" });

      templateOf(mapped.stack).resourceCountIs("AWS::Lambda::EventSourceMapping", 1);
      templateOf(mapped.stack).resourceCountIs("AWS::Scheduler::Schedule", 0);
      templateOf(scheduled.stack).resourceCountIs("AWS::Lambda::EventSourceMapping", 0);
    });
  });
});
