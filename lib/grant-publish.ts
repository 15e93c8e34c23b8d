import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Contract } from "../src/contract/index.ts";
import { SettingsError } from "../src/errors.ts";
import { grantCheckIn } from "./claims.ts";
import { grantDelay } from "./delay.ts";
import type { IEventBus } from "./event-bus-address.ts";

/** `IEventBus.grantPublish`, for every kind of bus. */
export function grantPublish(bus: IEventBus, grantee: IGrantable, contracts?: readonly Contract[]): Grant {
  return [
    ...(bus.claims ? [grantCheckIn(bus, grantee)] : []),
    ...(bus.delays ? [grantDelay(bus, grantee)] : []),
  ].reduce((all, one) => all.combine(one), grantTopics(bus, grantee, contracts));
}

/** The topics alone: for events that carry their data themselves. */
export function grantTopics(bus: IEventBus, grantee: IGrantable, contracts?: readonly Contract[]): Grant {
  const topics = contracts === undefined ? bus.topics : contracts.map(({ topic }) => topic);
  if (topics === undefined) {
    throw new SettingsError(
      "grant-publish",
      `bus ${bus.name} stands elsewhere and its topics are not known here; name the contracts, as in bus.grantPublish(role, [orderCreated]), or the topics in EventBus.fromName`,
    );
  }
  if (topics.length === 0) return Grant.drop(grantee, `bus ${bus.name}: no topic to publish to`);
  bus.encryptionKey?.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey");
  return Grant.addToPrincipal({
    grantee,
    actions: ["sns:Publish"],
    resourceArns: [...new Set(topics)].map((topic) => bus.topicArn(topic)),
  });
}
