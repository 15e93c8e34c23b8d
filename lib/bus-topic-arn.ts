import { Aws, Token } from "aws-cdk-lib/core";
import { topicArn } from "../src/names.ts";
import type { IEventBus } from "./event-bus-address.ts";

/** The ARN of a bus's topic, of names and pseudo parameters alone: used from another stack, it exports nothing. */
export function busTopicArn(
  { name: bus, account, region }: Pick<IEventBus, "name" | "account" | "region">,
  topic: string,
): string {
  const where = { bus, topic, account, region };
  return topicArn(Token.isUnresolved(region) ? { ...where, partition: Aws.PARTITION } : where);
}
