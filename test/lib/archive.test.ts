import { describe, expect, it } from "@jest/globals";
import { Match, type Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { ArchiveOptions } from "../../lib/index.ts";
import { jobSettingsVariable } from "../../src/env.ts";
import { aBus, anApp, aStack, templateOf } from "../helpers/stacks.ts";

function archived(archive: ArchiveOptions = {}, more: Parameters<typeof aBus>[1] = {}): Template {
  const stack = aStack();
  aBus(stack, { archive, ...more });
  return templateOf(stack);
}

/** The statements of one function's role. */
function statementsOf(
  template: Template,
  role: string,
): readonly { Action: string | string[]; Resource: unknown }[] {
  const policies = Object.entries(template.findResources("AWS::IAM::Policy"));
  return policies
    .filter(([id]) => id.includes(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}

function mappingsOf(template: Template): Record<string, unknown> {
  return template.findResources("AWS::Lambda::EventSourceMapping");
}

describe("an EventBus with an archive", () => {
  it("keeps a bucket that nobody reads from outside, and that survives the stack", () => {
    archived().hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        BucketName: Match.objectLike({ "Fn::Join": ["", Match.arrayWith(["shop-archive-"])] }),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
        // Nothing that is not sealed ever goes by age.
        LifecycleConfiguration: { Rules: [Match.objectLike({ Id: "abandoned-uploads" })] },
      },
    });
  });

  it("subscribes one standard queue to every topic, ordered ones too, unfiltered and wrapped", () => {
    const template = archived();

    const subscriptions = Object.values(
      template.findResources("AWS::SNS::Subscription", {
        Properties: { Endpoint: { "Fn::GetAtt": [Match.stringLikeRegexp("^BusArchiveQueue"), "Arn"] } },
      }),
    );
    expect(subscriptions).toHaveLength(3);
    for (const { Properties } of subscriptions) {
      expect(Properties.RawMessageDelivery).toBeUndefined();
      expect(Properties.FilterPolicy).toBeUndefined();
      expect(Properties.RedrivePolicy.deadLetterTargetArn).toBeDefined();
    }
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-archive",
      FifoQueue: Match.absent(),
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 1_000 }),
      VisibilityTimeout: 365,
    });
  });

  it("writes by archiver and journaler, and seals by the hour", () => {
    const template = archived();

    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-archiver",
      Handler: "archiver.handler",
      Runtime: "nodejs24.x",
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: Match.objectLike({ Ref: Match.stringLikeRegexp("Archiver") }),
      BatchSize: 1_000,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionName: Match.objectLike({ Ref: Match.stringLikeRegexp("Journaler") }),
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("Ledger"), "StreamArn"] },
      StartingPosition: "TRIM_HORIZON",
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: Match.absent(),
      FilterCriteria: {
        Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"state":{"S":["done","dead"]}}}}' }],
      },
    });
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      Name: "shop-sealer",
      ScheduleExpression: "rate(60 minutes)",
      Target: Match.objectLike({ DeadLetterConfig: Match.anyValue() }),
    });
  });

  it("bundles its functions once", () => {
    const functions = Object.values(archived().findResources("AWS::Lambda::Function"));

    expect(functions.length).toBeGreaterThanOrEqual(3);
    expect(new Set(functions.map(({ Properties }) => Properties.Code.S3Key)).size).toBe(1);
  });

  it("lets each function do its part alone, and names what it may touch", () => {
    const template = archived();

    const written = (role: string) => JSON.stringify(statementsOf(template, role));
    expect(written("ArchiverRole")).toContain("/raw/archive/*");
    expect(written("ArchiverRole")).not.toMatch(/raw\/journal|sealed|dynamodb|s3:Get|s3:Delete/);
    expect(written("JournalerRole")).toContain("/raw/journal/*");
    expect(written("JournalerRole")).not.toMatch(/raw\/archive|sealed|dynamodb:Put|s3:Get/);
    expect(written("SealerRole")).not.toContain('"s3:*"');
    const everywhere = ["ArchiverRole", "JournalerRole", "SealerRole", "SealingRole"]
      .flatMap((role) => statementsOf(template, role))
      .filter(({ Action, Resource }) => Resource === "*" || [Action].flat().some((one) => one.includes("*")));
    expect(everywhere).toEqual([]);
  });

  it.each(["SealerRole", "ReplayerRole", "ReconcilerRole"])(
    "lets %s know that an object is missing, whatever its name",
    (role) => {
      const template = archived();

      const lists = statementsOf(template, role).filter(({ Action }) => Action === "s3:ListBucket");
      const [archive] = Object.keys(
        template.findResources("AWS::S3::Bucket", {
          Properties: { LifecycleConfiguration: Match.anyValue() },
        }),
      );
      expect(lists).toEqual([
        { Action: "s3:ListBucket", Effect: "Allow", Resource: { "Fn::GetAtt": [archive, "Arn"] } },
      ]);
    },
  );

  it("has a function for fleets of replays, which nothing calls", () => {
    const template = archived();

    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-replayer",
      Timeout: 900,
      // It goes on in another invocation, more often than Lambda takes for no loop.
      RecursiveLoop: "Allow",
    });
    const text = JSON.stringify(statementsOf(template, "ReplayerRole"));
    expect(text).toContain('"dynamodb:LeadingKeys":["replay","replay#*"]');
    expect(text).toContain('"dynamodb:LeadingKeys":["rate#replay-*"]');
    expect(text).toContain('":shop-*"');
    expect(text).toContain(":function:shop-replayer");
    expect(text).not.toMatch(/s3:Put|s3:Delete|dynamodb:Put|dynamodb:Delete|sqs:Receive|sqs:Delete|journal/);
    const targets = { ...template.findResources("AWS::Scheduler::Schedule"), ...mappingsOf(template) };
    expect(JSON.stringify(targets)).not.toContain("Replayer");
  });

  it("tells its functions all that they agree about", () => {
    const template = archived({ span: Duration.minutes(10), rawRetention: Duration.days(1) });

    const [sealer] = Object.values(
      template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "shop-sealer" } }),
    );
    const line = JSON.stringify(sealer?.Properties.Environment.Variables[jobSettingsVariable]);
    expect(line).toContain('\\"spanMs\\":600000');
    expect(line).toContain('\\"rawKeepMs\\":86400000');
    template.hasResourceProperties("AWS::Scheduler::Schedule", { ScheduleExpression: "rate(10 minutes)" });
  });

  it("has tables for Athena whose partitions are computed", () => {
    const template = archived();

    template.hasResourceProperties("AWS::Glue::Database", { DatabaseInput: { Name: "omnibus_shop" } });
    for (const name of ["archive", "journal"]) {
      template.hasResourceProperties("AWS::Glue::Table", {
        TableInput: Match.objectLike({
          Name: name,
          PartitionKeys: [{ Name: "span", Type: "string" }],
          Parameters: Match.objectLike({
            "projection.enabled": "true",
            "projection.span.format": "yyyy-MM-dd-HH-mm",
            "projection.span.interval": "60",
          }),
        }),
      });
    }
  });

  it("lets segments go after their retention, and uses a customer's key throughout", () => {
    const stack = aStack();
    const encryptionKey = new Key(stack, "Key");

    aBus(stack, {
      archive: { retention: Duration.days(400) },
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const template = templateOf(stack);
    template.hasResource("AWS::S3::Bucket", {
      DeletionPolicy: "Delete",
      Properties: {
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ Prefix: "sealed/", ExpirationInDays: 400 }),
            Match.objectLike({ Prefix: "athena/", ExpirationInDays: 400 }),
          ]),
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            Match.objectLike({
              ServerSideEncryptionByDefault: Match.objectLike({ SSEAlgorithm: "aws:kms" }),
            }),
          ],
        },
      },
    });
    expect(JSON.stringify(statementsOf(template, "ArchiverRole"))).toContain("kms:GenerateDataKey*");
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-archive",
      KmsMasterKeyId: Match.anyValue(),
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "shop-archive-undelivered",
      KmsMasterKeyId: Match.absent(),
    });
  });

  it.each([
    ["archive-span", { span: Duration.minutes(7) }, "archive span 7 minutes"],
    ["archive-span", { span: Duration.seconds(30) }, "archive span 30 seconds"],
    ["archive-span", { span: Duration.days(2) }, "archive span 2 days"],
    ["archive-window", { window: Duration.seconds(0) }, "archive window"],
    ["archive-window", { window: Duration.minutes(6) }, "archive window 6 minutes"],
    ["archive-timeout", { timeout: Duration.millis(500) }, "archive timeout"],
    ["archive-timeout", { timeout: Duration.minutes(16) }, "archive timeout 16 minutes"],
    ["archive-retention", { retention: Duration.hours(36) }, "archive retention 1 day 12 hours"],
    ["archive-retention", { retention: Duration.days(7) }, "archive retention 7 days"],
  ] as const)("fails by %s: %j", (id, archive, finding) => {
    expect(() => aBus(aStack("shop", anApp()), { archive })).toThrow(`[${id}] ${finding}`);
  });

  it.each([
    [{ span: Duration.days(1) }],
    [{ timeout: Duration.seconds(1) }],
    [{ timeout: Duration.minutes(15) }],
    [{ span: Duration.minutes(1), window: Duration.seconds(1) }],
    [{ window: Duration.minutes(5), retention: Duration.days(8) }],
  ])("takes %j", (archive) => {
    expect(() => aBus(aStack("shop", anApp()), { archive })).not.toThrow();
  });
});

describe("an EventBus without one", () => {
  it("keeps neither events nor completions", () => {
    const stack = aStack();

    const bus = aBus(stack, { archive: false });

    expect(bus.archive).toBeUndefined();
    templateOf(stack).resourceCountIs("AWS::S3::Bucket", 0);
    templateOf(stack).resourceCountIs("AWS::Lambda::Function", 0);
  });
});

describe("an EventBus with the reconciliation of delivery", () => {
  const settingsOf = (template: Template) => {
    const [found] = Object.values(
      template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "shop-reconciler" } }),
    );
    return {
      found,
      text: JSON.stringify(found?.Properties.Environment.Variables[jobSettingsVariable]),
    };
  };

  it("runs it every hour, and knows the bus's topics, spans and grace", () => {
    const template = archived();

    const { found, text } = settingsOf(template);
    expect(found?.Properties).toMatchObject({
      Handler: "reconciler.handler",
      Timeout: 900,
      MemorySize: 1_024,
    });
    expect(text).toContain('\\"does\\":\\"deliver\\"');
    expect(text).toContain(
      '\\"everyMs\\":3600000,\\"spanMs\\":3600000,\\"graceMs\\":120000,\\"greyMs\\":900000',
    );
    expect(text).toContain('\\"topics\\":[\\"orders\\"');
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      Name: "shop-reconciler",
      ScheduleExpression: "rate(60 minutes)",
      Target: Match.objectLike({ Input: '{"omnibus":{"v":1,"do":"run","by":"schedule"}}' }),
    });
  });

  it("alarms about what is open, how long, unknown, and about a run that is missing", () => {
    const names = Object.values(archived().findResources("AWS::CloudWatch::Alarm")).map(
      ({ Properties }) => Properties.AlarmName,
    );

    expect(names.sort()).toEqual([
      "shop-delivery-no-run",
      "shop-delivery-oldest",
      "shop-delivery-open",
      "shop-delivery-unknown",
    ]);
    expect(archived({ reconcile: { alarms: false } }).findResources("AWS::CloudWatch::Alarm")).toEqual({});
  });

  it("may look at what is this bus's, write what is its own, and nothing else", () => {
    const statements = statementsOf(archived(), "ReconcilerRole");
    const text = JSON.stringify(statements);

    expect(statements.filter(({ Resource }) => Resource === "*")).toEqual([]);
    expect(text).not.toMatch(
      /s3:Delete|sqs:ReceiveMessage|sqs:DeleteMessage|lambda:Invoke|lambda:Update|sns:Publish/,
    );
    expect(text).toContain('"dynamodb:LeadingKeys":["delivery","job#delivery-*","open#delivery-*"');
    const onLedger = statements.filter(({ Resource }) => JSON.stringify(Resource).includes("BusLedger"));
    expect(onLedger.map(({ Action }) => Action)).toEqual(["dynamodb:BatchGetItem"]);
    const written = statements.filter(({ Action }) => Action === "s3:PutObject");
    expect(JSON.stringify(written)).not.toMatch(/sealed|raw/);
  });

  it("takes other times, and can be left out", () => {
    const template = archived({
      span: Duration.hours(2),
      retention: Duration.days(400),
      reconcile: {
        settle: Duration.minutes(30),
        grey: Duration.seconds(0),
        sendPerSecond: 200,
        auto: { classes: ["missing-right"], atMost: { differences: 100 } },
      },
    });
    const { text } = settingsOf(template);
    expect(text).toContain('\\"everyMs\\":7200000');
    expect(text).toContain(
      '\\"retentionMs\\":34560000000,\\"settleMs\\":1800000,\\"greyMs\\":0,\\"sendPerSecond\\":200',
    );
    expect(text).toContain(
      '\\"auto\\":{\\"classes\\":[\\"missing-right\\"],\\"atMost\\":{\\"differences\\":100}}',
    );

    expect(settingsOf(archived({ reconcile: false })).found).toBeUndefined();
  });

  it.each([
    ["delivery-every", { every: Duration.days(4) }, "every is"],
    ["delivery-times", { grey: Duration.days(2) }, "grey is"],
    ["delivery-auto", { auto: { classes: ["late"], atMost: { differences: 1 } } }, '["late"]'],
    [
      "delivery-auto",
      { auto: { classes: ["missing-right"], atMost: { differences: 0 } } },
      "differences is 0",
    ],
    [
      "delivery-auto",
      { auto: { classes: ["missing-right"], atMost: { differences: 1, amount: 5 } } },
      "events have none",
    ],
    ["delivery-send", { sendPerSecond: 0 }, "sendPerSecond is 0"],
    ["delivery-timeout", { timeout: Duration.seconds(30) }, "timeout is"],
  ] as const)("fails by %s", (id, reconcile, says) => {
    const make = () => archived({ reconcile });

    expect(make).toThrow(id);
    expect(make).toThrow(says);
  });
});
