import { App } from "aws-cdk-lib/core";
import { OutboxStack } from "./stack.ts";

const [, , rowsBetween = "0"] = process.argv;
// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new OutboxStack(app, "promises", { rowsBetween: Number(rowsBetween) });
