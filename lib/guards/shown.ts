import { Token } from "aws-cdk-lib/core";
import { valueText } from "../value-text.ts";

/** Whether a number is one now, and not the CDK's stand-in for a parameter or another stack's value. */
export function isKnown(value: number): boolean {
  return !Token.isUnresolved(value);
}

/** What is meant to be a number, as a message tells it: the CDK's stand-ins are huge negative ones that say nothing to anybody. */
export function shown(value: number): string {
  return isKnown(value) ? valueText(value) : "a value that is only known at deployment";
}
