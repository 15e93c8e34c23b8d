import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { App, Stack } from "aws-cdk-lib/core";
import { consumers } from "../../drills/orders/consumers.ts";
import { BusStack, LogisticsStack, PointsStack, StockStack } from "../../drills/orders/stack.ts";
import { anApp, anAssemblyFolder, quickContext, templateOf } from "../helpers/stacks.ts";

function ordersIn(app: App): Stack[] {
  const { bus } = new BusStack(app, "shop-bus");
  return [
    new PointsStack(app, "shop-points", bus),
    new StockStack(app, "shop-stock", bus),
    new LogisticsStack(app, "shop-logistics", bus),
  ];
}

describe("the orders' stacks", () => {
  it("name what the drill reads", () => {
    const templates = ordersIn(anApp()).map(templateOf);

    expect(templates).toHaveLength(consumers.length);
    consumers.forEach((consumer, index) => {
      const template = templates[index];
      template?.hasResourceProperties("AWS::Lambda::Function", { FunctionName: consumer.functionName });
      template?.hasResourceProperties("AWS::SQS::Queue", { QueueName: consumer.queueName });
      template?.hasResourceProperties("AWS::SQS::Queue", { QueueName: consumer.deadLetterQueueName });
      template?.hasResourceProperties("AWS::DynamoDB::Table", { TableName: consumer.tableName });
    });
  });

  it("hold what CloudFormation's own schemas ask for", () => {
    const app = new App({
      outdir: anAssemblyFolder(),
      context: { ...quickContext, "@aws-cdk/core:validateAgainstDefaultRules": true },
    });
    ordersIn(app);
    // One wrong resource among them shows that they were looked at.
    new CfnQueue(new Stack(app, "wrong"), "Queue", { messageRetentionPeriod: 5_000_000 });

    expect(() => app.synth()).toThrow("wrong/Queue");

    const report = JSON.parse(readFileSync(join(app.outdir, "validation-report.json"), "utf8"));
    const found = JSON.stringify(report);
    expect(found).toContain("wrong/Queue");
    expect(found).not.toContain("shop-");
    // The schemas are read into memory first: seconds, and many of them on a busy machine.
  }, 120_000);
});
