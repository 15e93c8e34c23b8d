import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { Duration, type Stack } from "aws-cdk-lib/core";
import {
  type ConsumerProps,
  EventBus,
  Pipeline,
  type PipelineProps,
  type StageProps,
} from "../../lib/index.ts";
import { aBus, anApp, aStack, entry, templateOf } from "../helpers/stacks.ts";
import { fulfilOrder } from "../stages/order-pipeline.ts";

type Declared = typeof fulfilOrder;
type Given = Partial<Record<string, Partial<ConsumerProps>>>;

/** The pipeline of the stages' tests in a stack of its own; `given` is added to what its stages have. */
function aPipeline(given: Given = {}, props: Partial<PipelineProps<Declared["stages"]>> = {}) {
  const app = anApp();
  const bus = aBus(aStack("bus", app));
  const stack = aStack("stages", app);
  const names = ["RiskCheck", "LockStock", "Charge", "Ship"];
  const stages = Object.fromEntries(names.map((name) => [name, { entry, ...given[name] }]));
  const pipeline = new Pipeline<Declared["stages"]>(stack, "FulfilOrder", {
    bus,
    pipeline: fulfilOrder,
    stages: { ...stages } as unknown as Record<Declared["stages"][number]["name"], StageProps>,
    ...props,
  });
  return { pipeline, stack };
}

const typesOf = (stack: Stack, queue: string): unknown => {
  const [found] = Object.values(
    templateOf(stack).findResources("AWS::SNS::Subscription", {
      Properties: { Endpoint: { "Fn::GetAtt": [Match.stringLikeRegexp(`FulfilOrder${queue}Queue`), "Arn"] } },
    }),
  );
  return found?.Properties.FilterPolicy.type;
};

describe("Pipeline", () => {
  it("makes a consumer of each stage, subscribed to what it takes and to what comes back to it", () => {
    const { pipeline, stack } = aPipeline();

    expect(Object.keys(pipeline.stages)).toEqual(["RiskCheck", "LockStock", "Charge", "Ship"]);
    expect(pipeline.stages.Charge.name).toBe("Charge");
    templateOf(stack).resourceCountIs("AWS::Lambda::EventSourceMapping", 4);
    expect(typesOf(stack, "RiskCheck")).toEqual(["order.created"]);
    expect(typesOf(stack, "Charge")).toEqual(["stock.locked", "fulfil-order.charge.revoked"]);
  });

  it("gives each stage its own settings", () => {
    const { stack } = aPipeline({ Charge: { concurrency: 3, timeout: Duration.seconds(7) } });

    const template = templateOf(stack);
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-Charge",
      ReservedConcurrentExecutions: 3,
      Timeout: 7,
    });
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "shop-Ship", Timeout: 30 });
  });

  it("deploys readers first: all subscriptions before any function, and each function after the next one's", () => {
    const { stack } = aPipeline();

    const resources = templateOf(stack).toJSON().Resources as Record<
      string,
      { Type: string; DependsOn?: string[]; Properties: { FunctionName?: string } }
    >;
    const idsOf = (type: string) => Object.keys(resources).filter((id) => resources[id]?.Type === type);
    const functionOf = (name: string) =>
      idsOf("AWS::Lambda::Function").find(
        (id) => resources[id]?.Properties.FunctionName === `shop-${name}`,
      ) ?? "";
    const subscriptions = idsOf("AWS::SNS::Subscription");
    const dependsOn = (name: string) => resources[functionOf(name)]?.DependsOn ?? [];
    expect(subscriptions).toHaveLength(4);
    expect(dependsOn("Ship")).toEqual(expect.arrayContaining(subscriptions));
    expect(dependsOn("Charge")).toContain(functionOf("Ship"));
    expect(dependsOn("LockStock")).toContain(functionOf("Charge"));
    expect(dependsOn("Ship")).not.toContain(functionOf("Charge"));
  });

  it("has an alarm where runs can stand, that tells whoever is named", () => {
    const alarmActionArn = "arn:aws:sns:eu-central-1:123456789012:on-call";

    const { pipeline, stack } = aPipeline({}, { alarmAction: { bind: () => ({ alarmActionArn }) } });

    expect(pipeline.alarms).toHaveLength(4);
    templateOf(stack).hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "shop-Charge-stuck",
      AlarmDescription: Match.stringLikeRegexp("bus dlq redrive Charge"),
      Threshold: 0,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: "FILL(dead, 0) + FILL(undelivered, 0)" })]),
      AlarmActions: [alarmActionArn],
    });
  });

  it("leaves the alarms out when told to", () => {
    const { stack } = aPipeline({}, { alarms: false });

    templateOf(stack).resourceCountIs("AWS::CloudWatch::Alarm", 0);
  });

  it.each<[string, RegExp, () => unknown]>([
    [
      "stage-missing",
      /has nothing for Charge and has Pack, which/,
      () =>
        aPipeline(
          {},
          {
            stages: { RiskCheck: { entry }, LockStock: { entry }, Ship: { entry }, Pack: { entry } } as never,
          },
        ),
    ],
    ["stage-mode", /stage Charge has the mode "record"/, () => aPipeline({ Charge: { mode: "record" } })],
    ["stage-mode", /stage Ship has the language "python"/, () => aPipeline({ Ship: { language: "python" } })],
    [
      "stage-within",
      /stage Charge has a time limit of 600000 ms, and its queue keeps messages for 300000 ms/,
      () => aPipeline({ Charge: { retention: Duration.minutes(5) } }),
    ],
  ])("fails by the guard %s", (code, message, make) => {
    expect(make).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it.each<[string, Given]>([
    ["the mode that every stage has", { Charge: { mode: "once", language: "typescript" } }],
    [
      "a retention over the time limit",
      { Charge: { retention: Duration.days(1), keep: Duration.days(120) } },
    ],
  ])("takes %s", (_, given) => {
    expect(() => aPipeline(given)).not.toThrow();
  });

  it("still finds a circle that leads out of it and in again", () => {
    const app = anApp();
    const bus = new EventBus(aStack("bus", app), "Bus", {
      name: "shop",
      governor: false,
      archive: false,
      topics: ["orders"],
    });
    const first = fulfilOrder.stages[0].on;

    const make = () =>
      new Pipeline(aStack("stages", app), "FulfilOrder", {
        bus,
        pipeline: fulfilOrder,
        stages: {
          RiskCheck: { entry },
          LockStock: { entry },
          Charge: { entry },
          Ship: { entry, emits: [first] },
        },
      });

    expect(make).toThrow(expect.objectContaining({ code: "event-circle" }));
  });
});
