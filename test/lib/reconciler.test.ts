import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, Table } from "aws-cdk-lib/aws-dynamodb";
import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus, Reconciler, type ReconcilerProps } from "../../lib/index.ts";
import { aBus, anApp, aStack, entry as consumerEntry, orderPlaced, templateOf } from "../helpers/stacks.ts";

/** A real one; what imports nothing is bundled a hundred times as fast, and does for everything else. */
const realEntry = new URL("./fixture-reconciler.ts", import.meta.url);
const entry = new URL("../fixtures/plain-app/handlers/index.mjs", import.meta.url);
const env = { account: "111111111111", region: "eu-west-1" };

/** A reconciler of a bus that stands elsewhere. */
function aReconciler(props: Partial<ReconcilerProps> = {}, id = "Transfers") {
  const stack = new Stack(anApp(), "transfers", { env });
  const reconciler = new Reconciler(stack, id, {
    bus: EventBus.fromName(stack, "Bus", "shop"),
    entry,
    every: Duration.hours(1),
    settle: Duration.minutes(15),
    ...props,
  });
  return { reconciler, stack };
}

function settingsOf(stack: Stack): Record<string, unknown> {
  const [found] = Object.values(templateOf(stack).findResources("AWS::Lambda::Function"));
  return JSON.parse(found?.Properties.Environment.Variables.OMNIBUS_JOB);
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(stack: Stack): readonly Statement[] {
  return Object.values(templateOf(stack).findResources("AWS::IAM::Policy")).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as Statement[],
  );
}

describe("Reconciler", () => {
  it("is a function named after it, which knows what it runs by", () => {
    const { stack } = aReconciler({ entry: realEntry });

    templateOf(stack).hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-Transfers",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Architectures: ["arm64"],
      MemorySize: 512,
      Timeout: 300,
      DeadLetterConfig: { TargetArn: Match.anyValue() },
    });
    expect(settingsOf(stack)).toEqual({
      v: 1,
      does: "reconcile",
      bus: "shop",
      ...env,
      job: "Transfers",
      everyMs: 3_600_000,
      settleMs: 900_000,
      spanMs: 3_600_000,
      callMs: 30_000,
    });
  });

  it("runs on a schedule whose failures are kept", () => {
    const { stack } = aReconciler();
    const template = templateOf(stack);

    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      Name: "shop-Transfers",
      ScheduleExpression: "rate(60 minutes)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Input: '{"omnibus":{"v":1,"do":"run","by":"schedule"}}',
        DeadLetterConfig: { Arn: Match.anyValue() },
      },
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 3_600,
    });
  });

  it("hands parts out to itself by a queue: one at a time, five at once, hidden for six timeouts", () => {
    const { stack } = aReconciler();
    const template = templateOf(stack);

    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-Transfers-windows",
      VisibilityTimeout: 1_800,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    for (const name of ["shop-Transfers-windows-dead", "shop-Transfers-undelivered"]) {
      template.hasResource("AWS::SQS::Queue", {
        DeletionPolicy: "RetainExceptOnCreate",
        Properties: { QueueName: name, MessageRetentionPeriod: 1_209_600 },
      });
    }
  });

  it("may do what its job does, to its own items and objects alone", () => {
    const { stack } = aReconciler();
    const statements = statementsOf(stack);
    const about = (service: string) =>
      statements.filter(({ Action }) => [Action].flat().some((one) => one.startsWith(`${service}:`)));

    expect(about("s3")).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["reports", "plans"].map((what) => ({
          "Fn::Join": [
            "",
            [
              "arn:",
              { Ref: "AWS::Partition" },
              `:s3:::shop-archive-111111111111-eu-west-1/${what}/Transfers/*`,
            ],
          ],
        })),
      },
    ]);
    expect(about("dynamodb")).toMatchObject([
      {
        Condition: {
          "ForAllValues:StringLike": {
            "dynamodb:LeadingKeys": [
              "job#Transfers",
              "open#Transfers",
              "repair#Transfers",
              "begun#Transfers",
              "repairs#Transfers",
              "audit#Transfers",
              "job#Transfers/*",
              "sealed#*",
            ],
          },
        },
      },
    ]);
    for (const { Action, Resource } of statements) {
      expect([Action].flat().filter((action) => action.includes("*"))).toEqual([]);
      expect(JSON.stringify(Resource)).not.toContain('"*"');
    }
  });

  it("changes nothing in its bus's stack", () => {
    const app = anApp();
    const busStack = new Stack(app, "bus", { env });
    const bus = aBus(busStack, { archive: {} });
    new Reconciler(new Stack(app, "transfers", { env }), "Transfers", {
      bus,
      entry,
      every: Duration.hours(1),
      settle: Duration.minutes(15),
    });
    const alone = new Stack(anApp(), "bus", { env });
    aBus(alone, { archive: {} });

    expect(templateOf(busStack).toJSON()).toEqual(templateOf(alone).toJSON());
  });

  it("raises alarms: open, oldest beyond the bound, unknown, no run for two intervals, dead letters", () => {
    const { stack, reconciler } = aReconciler();
    const template = templateOf(stack);

    template.resourceCountIs("AWS::CloudWatch::Alarm", 6);
    expect(reconciler.alarms).toHaveLength(6);
    const dimensions = [
      { Name: "Bus", Value: "shop" },
      { Name: "Job", Value: "Transfers" },
    ];
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-Transfers-open",
      Namespace: "Omnibus",
      MetricName: "OpenDifferences",
      Dimensions: dimensions,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      Period: 3_600,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-Transfers-oldest",
      MetricName: "OldestOpenMs",
      Threshold: 900_000 + 2 * 3_600_000,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-Transfers-no-run",
      MetricName: "ReconcileRuns",
      Statistic: "Sum",
      ComparisonOperator: "LessThanThreshold",
      EvaluationPeriods: 3,
      TreatMissingData: "breaching",
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { AlarmName: "shop-Transfers-unknown" });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { AlarmName: "shop-Transfers-windows-dead" });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", { AlarmName: "shop-Transfers-undelivered" });
  });

  it("keeps an alarm's periods within what CloudWatch takes, from a minute to three days", () => {
    for (const every of [Duration.minutes(1), Duration.minutes(7), Duration.days(1), Duration.days(3)]) {
      const { stack } = aReconciler({ every });
      for (const { Properties } of Object.values(templateOf(stack).findResources("AWS::CloudWatch::Alarm"))) {
        const { Period, EvaluationPeriods } = Properties;
        expect(Period % 60).toBe(0);
        expect(Period).toBeLessThanOrEqual(86_400);
        expect(Period * EvaluationPeriods).toBeLessThanOrEqual(Period < 3_600 ? 86_400 : 604_800);
      }
    }
  });

  it("takes what is given, for the job", () => {
    const begin = new Date("2026-01-01T00:00:00Z");
    const auto = { classes: ["missing-right"], atMost: { differences: 5, amount: 10_000 } } as const;
    const { stack } = aReconciler({
      every: Duration.minutes(5),
      span: Duration.minutes(5),
      keep: Duration.days(30),
      begin,
      lateAfter: Duration.minutes(2),
      repair: { auto, timeout: Duration.seconds(10) },
      timeout: Duration.minutes(15),
      concurrency: 20,
      memorySize: 1_769,
    });

    expect(settingsOf(stack)).toMatchObject({
      everyMs: 300_000,
      spanMs: 300_000,
      keepMs: 30 * 86_400_000,
      beginMs: begin.getTime(),
      lateAfterMs: 120_000,
      auto,
      callMs: 10_000,
    });
    templateOf(stack).hasResourceProperties("AWS::Lambda::Function", { Timeout: 900, MemorySize: 1_769 });
    templateOf(stack).hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(5 minutes)",
    });
    templateOf(stack).hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });

  it("takes what is given, for what it stands on: key, bucket, variables, logs, whom alarms tell", () => {
    const app = anApp();
    const stack = new Stack(app, "mine", { env });
    const bus = aBus(new Stack(app, "bus", { env }), { encryptionKey: new Key(stack, "TableKey") });
    const encryptionKey = new Key(stack, "Key");
    const bucket = new Bucket(stack, "Reports", { bucketName: "shop-reports" });
    new Reconciler(stack, "Transfers", {
      bus,
      entry,
      every: Duration.hours(1),
      settle: Duration.minutes(15),
      encryptionKey,
      bucket: bucket as IBucket,
      removalPolicy: RemovalPolicy.DESTROY,
      environment: { DATABASE: "bank" },
      logRetention: RetentionDays.ONE_WEEK,
      alarmAction: new SnsAction(new Topic(stack, "OnCall")),
    });
    const template = templateOf(stack);

    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-Transfers-windows",
      KmsMasterKeyId: Match.anyValue(),
    });
    template.hasResource("AWS::SQS::Queue", {
      DeletionPolicy: "Delete",
      Properties: { QueueName: "shop-Transfers-undelivered", SqsManagedSseEnabled: true },
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { DATABASE: "bank" } },
    });
    template.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 7 });
    template.allResourcesProperties("AWS::CloudWatch::Alarm", { AlarmActions: [Match.anyValue()] });
    const kms = statementsOf(stack).filter(({ Action }) => [Action].flat().includes("kms:Decrypt"));
    expect(kms.length).toBeGreaterThan(0);
  });

  it("goes without alarms where none are wanted", () => {
    const { stack, reconciler } = aReconciler({ alarms: false });

    templateOf(stack).resourceCountIs("AWS::CloudWatch::Alarm", 0);
    expect(reconciler.alarms).toEqual([]);
  });

  it("lets what its sides need be granted to its function", () => {
    const { stack, reconciler } = aReconciler();
    const table = new Table(stack, "Books", { partitionKey: { name: "pk", type: AttributeType.STRING } });

    table.grantReadData(reconciler.function);

    const reads = statementsOf(stack).filter(({ Action }) => [Action].flat().includes("dynamodb:Scan"));
    expect(reads).toHaveLength(1);
  });

  it("says which file it lacks", () => {
    expect(() => aReconciler({ entry: "lambdas/nowhere.ts" })).toThrow("lambdas/nowhere.ts is no file");
  });
});

type Case = {
  readonly fires: Partial<ReconcilerProps>;
  readonly says: string;
  readonly quiet: Partial<ReconcilerProps>;
};

const auto = (change: object) => ({
  repair: { auto: { classes: ["mismatch"], atMost: { differences: 1 }, ...change } as never },
});

/** For each guard: what fires it, a word of the message, and what is only just allowed. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  "reconciler-every": [
    {
      fires: { every: Duration.seconds(59) },
      says: "every is 59 seconds",
      quiet: { every: Duration.minutes(1) },
    },
    {
      fires: { every: Duration.seconds(90) },
      says: "whole minutes",
      quiet: { every: Duration.seconds(120) },
    },
    { fires: { every: Duration.days(4) }, says: "every is 4 days", quiet: { every: Duration.days(3) } },
  ],
  "reconciler-settle": [
    { fires: { settle: Duration.seconds(0) }, says: "settle is 0", quiet: { settle: Duration.millis(1) } },
  ],
  "reconciler-span": [
    { fires: { span: Duration.hours(5) }, says: "span is 5 hours", quiet: { span: Duration.hours(6) } },
    { fires: { span: Duration.minutes(7) }, says: "divide a day", quiet: { span: Duration.minutes(5) } },
    { fires: { span: Duration.days(2) }, says: "span is 2 days", quiet: { span: Duration.days(1) } },
    { fires: { span: Duration.millis(500) }, says: "whole seconds", quiet: { span: Duration.seconds(1) } },
  ],
  "reconciler-keep": [
    {
      fires: { keep: Duration.minutes(194) },
      says: "settle (15 minutes) + two spans (1 hour) + every (1 hour) is the least",
      quiet: { keep: Duration.minutes(195) },
    },
  ],
  "reconciler-begin": [
    { fires: { begin: new Date("soon") }, says: "begin is Invalid Date", quiet: { begin: new Date(0) } },
    { fires: { begin: new Date(-1) }, says: "begin is", quiet: { begin: new Date("2026-01-01") } },
  ],
  "reconciler-auto": [
    { fires: auto({ classes: [] }), says: "classes is empty", quiet: auto({ classes: ["duplicate"] }) },
    { fires: auto({ classes: ["lost"] }), says: "has lost", quiet: auto({ classes: ["missing-left"] }) },
    {
      fires: auto({ atMost: { differences: 0 } }),
      says: "differences is 0",
      quiet: auto({ atMost: { differences: 1 } }),
    },
    {
      fires: auto({ atMost: { differences: 1, amount: 0.5 } }),
      says: "amount is 0.5",
      quiet: auto({ atMost: { differences: 1, amount: 0 } }),
    },
  ],
  "reconciler-timeout": [
    {
      fires: { timeout: Duration.seconds(59) },
      says: "timeout is 59 seconds",
      quiet: { timeout: Duration.minutes(1) },
    },
    {
      fires: { timeout: Duration.minutes(16) },
      says: "timeout is 16 minutes",
      quiet: { timeout: Duration.minutes(15) },
    },
  ],
  "reconciler-repair-timeout": [
    {
      fires: { repair: { timeout: Duration.seconds(101) } },
      says: "repair.timeout is",
      quiet: { repair: { timeout: Duration.seconds(100) } },
    },
    {
      fires: { repair: { timeout: Duration.millis(999) } },
      says: "1 second to a third",
      quiet: { repair: { timeout: Duration.seconds(1) } },
    },
  ],
  "reconciler-concurrency": [
    { fires: { concurrency: 1 }, says: "concurrency is 1", quiet: { concurrency: 2 } },
    { fires: { concurrency: 1_001 }, says: "2 to 1000", quiet: { concurrency: 1_000 } },
  ],
  "reconciler-environment": [
    {
      fires: { environment: { OMNIBUS_JOB: "x" } },
      says: "OMNIBUS_JOB",
      quiet: { environment: { OMNIBUS_JOBS: "x" } },
    },
    {
      fires: { environment: { A: "a".repeat(4_096) } },
      says: "4096 are allowed",
      quiet: { environment: { A: "a".repeat(3_000) } },
    },
  ],
  "memory-size": [{ fires: { memorySize: 127 }, says: "memorySize is 127", quiet: { memorySize: 128 } }],
};

describe("guards of a reconciler", () => {
  it.each(Object.entries(cases).flatMap(([id, all]) => all.map((one) => ({ id, ...one }))))(
    "$id fires ($says), and keeps quiet at the edge",
    ({ id, fires, says, quiet }) => {
      expect(() => aReconciler(fires)).toThrow(expect.objectContaining({ code: id }));
      expect(() => aReconciler(fires)).toThrow(says);
      expect(() => aReconciler(quiet)).not.toThrow();
    },
  );

  it("reconciler-settle can be turned off, with a reason", () => {
    const acknowledge = [{ id: "reconciler-settle", reason: "both sides are written in one transaction" }];

    expect(() => aReconciler({ settle: Duration.seconds(0), acknowledge })).not.toThrow();
  });

  it("reconciler-bucket fires where the bus keeps no archive, unless a bucket is given or the bus is another's", () => {
    const stack = aStack();
    const bus = aBus(stack, { archive: false });
    const props = { entry, every: Duration.hours(1), settle: Duration.minutes(15) };
    const bucket = new Bucket(stack, "Reports") as IBucket;

    expect(() => new Reconciler(stack, "None", { bus, ...props })).toThrow(
      expect.objectContaining({ code: "reconciler-bucket" }),
    );
    expect(() => new Reconciler(stack, "Given", { bus, bucket, ...props })).not.toThrow();
    const other = EventBus.fromName(stack, "Other", "shop");
    expect(() => new Reconciler(stack, "Others", { bus: other, ...props })).not.toThrow();
  });

  it.each([
    ["lower_case", "consumer-name"],
    ["Transfers-windows", "consumer-name"],
    ["reconciler", "consumer-name"],
  ])("refuses the name %s", (id, code) => {
    expect(() => aReconciler({}, id)).toThrow(expect.objectContaining({ code }));
  });

  it("reconciler-taken fires for a consumer of the name, and consumer-taken for a reconciler", () => {
    const props = { entry, every: Duration.hours(1), settle: Duration.minutes(15) };
    const stack = aStack();
    const bus = EventBus.fromName(stack, "Bus", "shop");
    new Consumer(stack, "Points", { bus, on: [orderPlaced], entry: consumerEntry });
    new Reconciler(stack, "Transfers", { bus, ...props });
    const inner = new Stack(stack, "inner");

    expect(() => new Reconciler(inner, "Points", { bus, ...props })).toThrow(
      "[reconciler-taken] bus shop has a consumer Points already, at shop/Points",
    );
    expect(() => new Consumer(inner, "Transfers", { bus, on: [orderPlaced], entry: consumerEntry })).toThrow(
      "[consumer-taken] bus shop has a reconciler Transfers already, at shop/Transfers",
    );
    expect(() => new Reconciler(new Stack(stack, "third"), "Stock", { bus, ...props })).not.toThrow();
  });

  it("reconciler-elsewhere fires in another region than the bus's", () => {
    const stack = new Stack(anApp(), "far", { env: { ...env, region: "us-east-1" } });
    const far = EventBus.fromName(stack, "Bus", "shop", { region: "eu-west-1" });
    const near = EventBus.fromName(stack, "Near", "shop");
    const props = { entry, every: Duration.hours(1), settle: Duration.minutes(15) };

    expect(() => new Reconciler(stack, "Far", { bus: far, ...props })).toThrow("[reconciler-elsewhere]");
    expect(() => new Reconciler(stack, "Here", { bus: near, ...props })).not.toThrow();
  });
});
