import { App } from "aws-cdk-lib/core";
import { PaymentsPointsStack } from "./stack.ts";

const [, , beginMs = "0"] = process.argv;
// CloudFormation's schemas would take longer to check than all else together.
const app = new App({ builtinCloudFormationValidation: false });
new PaymentsPointsStack(app, "payments-points", { beginMs: Number(beginMs) });
