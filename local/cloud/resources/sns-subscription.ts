import { AwsCallError, snsAttributes } from "../aws-call.ts";
import { applied, jsonText, type PlaceRequest, type Properties, type ResourceType } from "./resource-type.ts";

const attributeNames = ["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"];

/** AWS::SNS::Subscription of protocol `sqs`. `Ref` is the ARN. */
export const snsSubscription: ResourceType = {
  type: "AWS::SNS::Subscription",
  properties: {
    TopicArn: applied,
    Protocol: applied,
    Endpoint: applied,
    FilterPolicy: applied,
    FilterPolicyScope: applied,
    RawMessageDelivery: applied,
    RedrivePolicy: applied,
    Region: "there is one region here",
    DeliveryPolicy: "it is for HTTP endpoints, which are not delivered here",
    SubscriptionRoleArn: "it is for Firehose, which is not here",
  },
  canUpdate: (before, after) =>
    ["TopicArn", "Protocol", "Endpoint"].every((key) => before[key] === after[key]),
  async place(request) {
    const { properties, platform, defaultName, unsupported } = request;
    if (properties.Protocol !== "sqs") {
      unsupported(`Protocol ${String(properties.Protocol)}: only sqs is delivered`);
      return { physicalId: defaultName, attributes: { Arn: defaultName } };
    }
    const target = {
      TopicArn: String(properties.TopicArn),
      Protocol: "sqs",
      Endpoint: String(properties.Endpoint),
    };
    const attributes = attributesOf(properties);
    let arn: string;
    try {
      const xml = await platform.aws.sns("Subscribe", { ...target, ...snsAttributes(attributes) });
      arn = firstArn(xml);
    } catch (thrown) {
      // It is there already, with other attributes.
      if (!(thrown instanceof AwsCallError && thrown.code === "InvalidParameter")) throw thrown;
      arn = await findSubscription(request, target);
      for (const name of attributeNames) {
        await platform.aws.sns("SetSubscriptionAttributes", {
          SubscriptionArn: arn,
          AttributeName: name,
          AttributeValue: attributes[name] ?? "",
        });
      }
    }
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  async remove({ physicalId }, { aws }) {
    if (physicalId.startsWith("arn:")) await aws.sns("Unsubscribe", { SubscriptionArn: physicalId });
  },
  lasts: (name, { aws, region, account }) =>
    aws.sns("Unsubscribe", { SubscriptionArn: `arn:aws:sns:${region}:${account}:${name}` }),
};

function attributesOf(properties: Properties): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of attributeNames) {
    if (properties[name] !== undefined) attributes[name] = jsonText(properties[name]);
  }
  return attributes;
}

async function findSubscription(
  { platform, properties }: PlaceRequest,
  target: { TopicArn: string; Endpoint: string },
): Promise<string> {
  const xml = await platform.aws.sns("ListSubscriptionsByTopic", { TopicArn: target.TopicArn });
  for (const [, member = ""] of xml.matchAll(/<member>([\s\S]*?)<\/member>/g)) {
    if (member.includes(`<Endpoint>${target.Endpoint}</Endpoint>`)) return firstArn(member);
  }
  throw new AwsCallError(
    "InvalidParameter",
    `the subscription of ${target.Endpoint} to ${target.TopicArn} was refused: ${JSON.stringify(properties)}`,
  );
}

function firstArn(xml: string): string {
  return /<SubscriptionArn>([^<]+)</.exec(xml)?.[1] ?? "";
}
