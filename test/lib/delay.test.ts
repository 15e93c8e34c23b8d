import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Stack } from "aws-cdk-lib/core";
import { type BusAddress, Consumer, type ConsumerProps, EventBus } from "../../lib/index.ts";
import { delayScheduleName } from "../../src/names.ts";
import { aBus, anApp, aStack, entry, orderPaid, orderPlaced, templateOf } from "../helpers/stacks.ts";

/** `action on what`, of the policy whose id begins so. */
function rightsOf(template: ReturnType<typeof templateOf>, begin: string): readonly string[] {
  const policies = Object.entries(template.findResources("AWS::IAM::Policy"));
  return policies
    .filter(([id]) => id.startsWith(begin))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
    .flatMap(({ Action }) => Action);
}

describe("an EventBus with a delay", () => {
  it("has a queue that outlasts the stack, and a function behind it", () => {
    const stack = aStack();

    const bus = aBus(stack, { delay: true });

    expect(bus.delays).toBe(true);
    const template = templateOf(stack);
    template.hasResource("AWS::SQS::Queue", {
      DeletionPolicy: "RetainExceptOnCreate",
      Properties: {
        QueueName: "shop-delayed",
        VisibilityTimeout: 360,
        MessageRetentionPeriod: 14 * 86_400,
        RedrivePolicy: Match.objectLike({ maxReceiveCount: 1_000 }),
      },
    });
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "shop-delayer" });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("raises an alarm for what could not be passed on, unless told otherwise", () => {
    const stack = aStack();
    const topic = new Topic(stack, "Alarms");

    const bus = aBus(stack, { delay: { alarmAction: new SnsAction(topic) } });

    expect(bus.delays).toBe(true);
    templateOf(stack).hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-delayed-dead",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
      Dimensions: [
        {
          Name: "QueueName",
          Value: { "Fn::GetAtt": [Match.stringLikeRegexp("DelayDeadLetters"), "QueueName"] },
        },
      ],
      AlarmActions: [Match.objectLike({ Ref: Match.stringLikeRegexp("^Alarms") })],
    });
    expect(aBus(aStack(), { delay: { alarms: false } }).delay?.alarms).toEqual([]);
  });

  it("lets its function make schedules of its own names, as Scheduler's role, and nothing wider", () => {
    const stack = aStack();

    aBus(stack, { delay: true });

    const text = JSON.stringify(templateOf(stack).findResources("AWS::IAM::Policy"));
    expect(text).toContain(":schedule/default/shop-delayed-*");
    expect(text).toContain('"iam:PassedToService":"scheduler.amazonaws.com"');
    expect(text).toContain('"dynamodb:LeadingKeys":["delayed#*"]');
    expect(text).not.toContain('"Resource":"*"');
  });

  it("lets publishers delay and cancel, and read nothing", () => {
    const stack = aStack();
    const bus = aBus(stack, { delay: true });
    const role = new Role(stack, "Publisher", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });

    bus.grantPublish(role, [orderPlaced]);

    expect(rightsOf(templateOf(stack), "Publisher")).toEqual([
      "sqs:SendMessage",
      "sqs:GetQueueUrl",
      "dynamodb:UpdateItem",
      "sns:Publish",
    ]);
  });
});

describe("a Consumer", () => {
  /** What it may do with the delay queue, and whether its settings say that it may delay. */
  const mayDelay = (delays: boolean, props: Partial<ConsumerProps>, address: BusAddress = {}) => {
    const stack = new Stack(anApp(), "shop", { env: { account: "111122223333", region: "eu-west-1" } });
    const bus = EventBus.fromName(stack, "Bus", "shop", { delay: delays, ...address });
    new Consumer(stack, "Remind", { bus, on: [orderPlaced], entry, ...props });
    const template = templateOf(stack);
    const policies = JSON.stringify(template.findResources("AWS::IAM::Policy"));
    const functions = JSON.stringify(template.findResources("AWS::Lambda::Function"));
    return [policies.includes(":shop-delayed"), functions.includes('\\"delays\\":true')];
  };

  it("may hand over what it emits where its bus has a delay, and is told so", () => {
    expect(mayDelay(true, { emits: [orderPaid] })).toEqual([true, true]);
    expect(mayDelay(true, {})).toEqual([false, false]);
    expect(mayDelay(false, { emits: [orderPaid] })).toEqual([false, false]);
    expect(mayDelay(true, { emits: [orderPaid] }, { account: "444455556666" })).toEqual([false, false]);
  });
});

describe("an EventBus without a delay", () => {
  it("has nothing of it, and grants nothing", () => {
    const stack = aStack();
    const bus = aBus(stack);
    const role = new Role(stack, "Publisher", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });

    bus.grantPublish(role, [orderPlaced]);

    expect([bus.delays, bus.delay]).toEqual([false, undefined]);
    templateOf(stack).resourceCountIs("AWS::SQS::Queue", 0);
    expect(rightsOf(templateOf(stack), "Publisher")).toEqual(["sns:Publish"]);
  });
});

describe("a bus that stands elsewhere", () => {
  it("is known to have a delay where it is said", () => {
    expect(EventBus.fromName(aStack(), "Bus", "shop", { delay: true }).delays).toBe(true);
    expect(EventBus.fromName(aStack(), "Bus", "shop").delays).toBe(false);
  });
});

describe("the schedule of a delayed event", () => {
  it("has a name that Scheduler takes, however long the bus's is", () => {
    expect(delayScheduleName("a".repeat(20), "f".repeat(32))).toMatch(/^[0-9a-zA-Z-_.]{1,64}$/);
  });
});
