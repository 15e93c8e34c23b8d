import { App } from "aws-cdk-lib/core";
import { ReplayStack } from "./stack.ts";

// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new ReplayStack(app, "encore");
