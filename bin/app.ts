import { App } from "aws-cdk-lib/core";
import { BusStack, LogisticsStack, PointsStack, StockStack } from "../drills/orders/stack.ts";

// CloudFormation's schemas are checked by test/lib/app.test.ts: here they would take longer than all else together.
export const app = new App({ builtinCloudFormationValidation: false });
export const { bus } = new BusStack(app, "shop-bus");
new PointsStack(app, "shop-points", bus);
new StockStack(app, "shop-stock", bus);
new LogisticsStack(app, "shop-logistics", bus);
