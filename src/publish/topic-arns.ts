import { SettingsError } from "../errors.ts";
import { topicArn } from "../names.ts";

/** Where a bus lives. */
export interface TopicArnsOptions {
  readonly bus: string;
  readonly region: string | undefined;
  /** The account's number, or a way to ask for it: once, at the first topic. */
  readonly account: string | (() => Promise<string>);
}

/**
 * Answers the ARN of each topic of a bus, from the topic's name. Only the first answer may be a promise, while the
 * account is asked for; an account that could not be found is asked for again.
 */
export function createTopicArns({
  bus,
  region,
  account,
}: TopicArnsOptions): (topic: string) => string | Promise<string> {
  if (region === undefined) {
    throw new SettingsError(
      "region-missing",
      `no AWS region is known for bus ${bus}: give region to createPublisher, or set AWS_REGION`,
    );
  }
  const arns = new Map<string, string>();
  let known = typeof account === "string" ? account : undefined;
  let asking: Promise<string> | undefined;

  const ask = async (find: () => Promise<string>) => {
    try {
      known = await find();
      return known;
    } finally {
      asking = undefined;
    }
  };
  const compute = (topic: string, inAccount: string) => {
    const arn = topicArn({ bus, topic, region, account: inAccount });
    arns.set(topic, arn);
    return arn;
  };

  return (topic) => {
    const arn = arns.get(topic);
    if (arn !== undefined) return arn;
    if (known !== undefined) return compute(topic, known);
    if (typeof account === "string") return compute(topic, account);
    asking ??= ask(account);
    return asking.then((found) => compute(topic, found));
  };
}
