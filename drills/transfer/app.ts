import { App } from "aws-cdk-lib/core";
import { TransferStack } from "./stack.ts";

// What this run is, as one word: the functions that are bundled for it are told.
const [, , run = "{}"] = process.argv;
// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new TransferStack(app, "transfer", JSON.parse(run));
