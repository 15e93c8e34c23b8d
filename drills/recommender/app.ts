import { App } from "aws-cdk-lib/core";
import { OrdersBusStack, RecommenderStack } from "./stack.ts";

// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
const { bus } = new OrdersBusStack(app, "cdshop-bus");
new RecommenderStack(app, "cdshop-recommender", bus);
