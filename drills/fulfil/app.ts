import { App } from "aws-cdk-lib/core";
import { FulfilStack } from "./stack.ts";

// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new FulfilStack(app, "fulfil", { isNext: process.argv[2] === "next" });
