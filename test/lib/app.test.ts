import { describe, expect, it } from "@jest/globals";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { App, Stack } from "aws-cdk-lib/core";
import { consumers } from "../../drills/orders/consumers.ts";
import { BusStack, LogisticsStack, PointsStack, StockStack } from "../../drills/orders/stack.ts";
import { templateOf } from "../helpers/stacks.ts";

/** An app whose synthesis fails on what CloudFormation's own schemas forbid. */
function aCheckedApp(): App {
  return new App({ context: { "@aws-cdk/core:validateAgainstDefaultRules": true } });
}

describe("the orders' stacks", () => {
  it("hold what CloudFormation's schemas ask for, and name what the drill reads", () => {
    const app = aCheckedApp();
    const { bus } = new BusStack(app, "shop-bus");
    const stacks = [
      new PointsStack(app, "shop-points", bus),
      new StockStack(app, "shop-stock", bus),
      new LogisticsStack(app, "shop-logistics", bus),
    ];

    app.synth();

    expect(stacks).toHaveLength(consumers.length);
    consumers.forEach((consumer, index) => {
      const stack = stacks[index] ?? app.node.root;
      const template = templateOf(stack as Stack);
      template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: consumer.functionName });
      template.hasResourceProperties("AWS::SQS::Queue", { QueueName: consumer.queueName });
      template.hasResourceProperties("AWS::SQS::Queue", { QueueName: consumer.deadLetterQueueName });
      template.hasResourceProperties("AWS::DynamoDB::Table", { TableName: consumer.tableName });
    });
  });

  it("would fail on a template that CloudFormation refuses", () => {
    const app = aCheckedApp();
    new CfnQueue(new Stack(app, "wrong"), "Queue", { messageRetentionPeriod: 5_000_000 });

    expect(() => app.synth()).toThrow(/[Vv]alidation/);
  });
});
