import { AwsCallError, snsAttributes } from "../aws-call.ts";
import { applied, jsonText, optionalText, type Platform, type ResourceType } from "./resource-type.ts";

/** AWS::SNS::Topic. `Ref` is the ARN. */
export const snsTopic: ResourceType = {
  type: "AWS::SNS::Topic",
  properties: {
    TopicName: applied,
    FifoTopic: applied,
    ContentBasedDeduplication: applied,
    DisplayName: applied,
    Subscription: applied,
    MaximumMessageSize: applied,
    FifoThroughputScope: applied,
    KmsMasterKeyId: "nothing is encrypted on this machine",
    SignatureVersion: "notifications carry no real signature here",
    TracingConfig: "there is no X-Ray here",
    DeliveryStatusLogging: "deliveries are not logged here",
    Tags: "nothing reads them here",
  },
  async place({ properties, defaultName, platform, unsupported }) {
    const fifo = properties.FifoTopic === true || properties.FifoTopic === "true";
    const name = optionalText(properties.TopicName) ?? (fifo ? `${defaultName}.fifo` : defaultName);
    const attributes: Record<string, string> = {};
    for (const key of ["ContentBasedDeduplication", "DisplayName", "FifoThroughputScope"]) {
      if (properties[key] !== undefined) attributes[key] = String(properties[key]);
    }
    const arn = `arn:aws:sns:${platform.region}:${platform.account}:${name}`;
    await create(platform, name, arn, attributes, {
      ...(fifo ? { FifoTopic: "true" } : {}),
      ...(properties.MaximumMessageSize === undefined
        ? {}
        : { MaximumMessageSize: String(properties.MaximumMessageSize) }),
    });
    const inline = Array.isArray(properties.Subscription) ? properties.Subscription : [];
    for (const { Protocol, Endpoint } of inline as { Protocol: string; Endpoint: string }[]) {
      if (Protocol !== "sqs") {
        unsupported(`a subscription of protocol ${Protocol}; only sqs is delivered`);
        continue;
      }
      await platform.aws.sns("Subscribe", { TopicArn: arn, Protocol, Endpoint });
    }
    return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  lasts: (name, { aws, region, account }) =>
    aws.sns("DeleteTopic", { TopicArn: `arn:aws:sns:${region}:${account}:${name}` }),
};

/** AWS::SNS::TopicPolicy: kept with the topic, so that it can be read back; nobody is refused here. */
export const snsTopicPolicy: ResourceType = {
  type: "AWS::SNS::TopicPolicy",
  properties: { PolicyDocument: applied, Topics: applied },
  canUpdate: () => true,
  async place({ properties, defaultName, platform }) {
    for (const TopicArn of properties.Topics as string[]) {
      await platform.aws.sns("SetTopicAttributes", {
        TopicArn,
        AttributeName: "Policy",
        AttributeValue: jsonText(properties.PolicyDocument),
      });
    }
    return { physicalId: defaultName, attributes: { Id: defaultName } };
  },
  remove: async () => {},
};

async function create(
  { aws }: Platform,
  name: string,
  arn: string,
  changeable: Readonly<Record<string, string>>,
  fixed: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await aws.sns("CreateTopic", { Name: name, ...snsAttributes({ ...fixed, ...changeable }) });
  } catch (thrown) {
    // It is there from an earlier run, with other attributes.
    if (!(thrown instanceof AwsCallError && thrown.code === "InvalidParameter")) throw thrown;
    for (const [AttributeName, AttributeValue] of Object.entries(changeable)) {
      await aws.sns("SetTopicAttributes", { TopicArn: arn, AttributeName, AttributeValue });
    }
  }
}
