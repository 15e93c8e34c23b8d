import { App } from "aws-cdk-lib/core";
import { BusStack, LogisticsStack, PointsStack, StockStack } from "../drills/orders/stack.ts";

const app = new App();
const { bus } = new BusStack(app, "shop-bus");
new PointsStack(app, "shop-points", bus);
new StockStack(app, "shop-stock", bus);
new LogisticsStack(app, "shop-logistics", bus);
