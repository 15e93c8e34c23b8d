import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Stack, Stage } from "aws-cdk-lib/core";
import { aBus, anApp, aStack, orderPlaced, templateOf } from "../helpers/stacks.ts";

const governed = (stack = aStack()) => {
  aBus(stack, { contracts: [orderPlaced], governor: true });
  return { stack, template: templateOf(stack) };
};

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(stack: Stack): readonly Statement[] {
  const policies = Object.entries(templateOf(stack).findResources("AWS::IAM::Policy"));
  return policies
    .filter(([id]) => id.includes("GovernorRole"))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

describe("a bus's governor", () => {
  it("is a function that knows its bus, runs every minute, and is woken by what others write about holds", () => {
    const { template } = governed();

    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "shop-governor",
      Handler: "governor.handler",
      Runtime: "nodejs24.x",
      Timeout: 300,
      Environment: {
        Variables: {
          OMNIBUS_JOB: { "Fn::Join": ["", Match.arrayWith(['{"v":1,"bus":"shop","account":"'])] },
        },
      },
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", { MaximumRetryAttempts: 0 });
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      Name: "shop-governor",
      ScheduleExpression: "rate(1 minute)",
      Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
    });
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      StartingPosition: "LATEST",
      FilterCriteria: {
        Filters: [
          {
            Pattern: JSON.stringify({
              dynamodb: {
                Keys: { pk: { S: [{ prefix: "hold#" }] } },
                NewImage: { writer: { S: [{ "anything-but": ["governor"] }] } },
              },
            }),
          },
        ],
      },
    });
  });

  it("may do what it must to its own bus: a wildcard stands only behind the bus's name, or where AWS has made the name up", () => {
    const { stack } = governed();

    const statements = statementsOf(stack);
    const wild = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('*"'));
    expect(wild.map(({ Action }) => Action)).toEqual([
      "dynamodb:ListStreams",
      "lambda:ListEventSourceMappings",
      "lambda:UpdateEventSourceMapping",
      ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
      ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
    ]);
    expect(wild.filter(({ Resource }) => Resource === "*").map(({ Action }) => Action)).toEqual([
      "lambda:ListEventSourceMappings",
    ]);
    expect(JSON.stringify(wild[2]?.Condition)).toMatch(
      /"ArnLike":\{"lambda:FunctionArn":.*:function:shop-\*"/,
    );
    for (const { Resource } of wild.slice(3)) expect(JSON.stringify(Resource)).toMatch(/:shop-\*"/);
    const table = statements.find(({ Action }) => JSON.stringify(Action).includes("dynamodb:UpdateItem"));
    expect(table?.Condition).toEqual({
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["hold#*", "lease#governor"] },
    });
  });

  it("may use the bus's key", () => {
    const stack = aStack();
    const encryptionKey = new Key(stack, "Key");

    aBus(stack, { contracts: [orderPlaced], governor: true, encryptionKey });

    expect(statementsOf(stack).some(({ Action }) => JSON.stringify(Action).includes("kms:Decrypt"))).toBe(
      true,
    );
  });

  it("is small, and the same for every bus of an app", () => {
    const app = anApp();
    const stacks = ["one", "two"].map((name) => {
      const stack = new Stack(app, name);
      aBus(stack, { name, contracts: [orderPlaced], governor: true });
      return stack;
    });

    const keys = stacks.map((stack) => {
      const [fn] = Object.values(templateOf(stack).findResources("AWS::Lambda::Function"));
      return JSON.stringify(fn?.Properties.Code.S3Key);
    });
    expect(keys[0]).toBe(keys[1]);
    const bundles = join(Stage.of(stacks[0] as Stack)?.assetOutdir ?? "", "bundles");
    const [folder = ""] = readdirSync(bundles);
    const bytes = readdirSync(join(bundles, folder))
      .filter((name) => name.endsWith(".mjs"))
      .reduce((sum, name) => sum + statSync(join(bundles, folder, name)).size, 0);
    expect(bytes).toBeLessThan(1_500_000);
  });

  it("is not there where nobody wants it", () => {
    const stack = aStack();

    aBus(stack, { contracts: [orderPlaced] });

    templateOf(stack).resourceCountIs("AWS::Lambda::Function", 0);
    templateOf(stack).resourceCountIs("AWS::Scheduler::Schedule", 0);
  });
});
