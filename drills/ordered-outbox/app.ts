import { App } from "aws-cdk-lib/core";
import { OrderedOutboxStack } from "./stack.ts";

const [, , rowsBetween = "0"] = process.argv;
// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new OrderedOutboxStack(app, "sequel", { rowsBetween: Number(rowsBetween) });
