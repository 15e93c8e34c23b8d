import { AwsCallError } from "../aws-call.ts";
import { applied, jsonText, optionalText, type Properties, type ResourceType } from "./resource-type.ts";

/** Properties of the template by the attribute of the API that they become. */
const settable = [
  "ContentBasedDeduplication",
  "DelaySeconds",
  "KmsMasterKeyId",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
] as const;

/** AWS::SQS::Queue. `Ref` is the URL. */
export const sqsQueue: ResourceType = {
  type: "AWS::SQS::Queue",
  properties: {
    ...Object.fromEntries(settable.map((name) => [name, applied])),
    QueueName: applied,
    FifoQueue: applied,
    ReceiveMessageWaitTimeSeconds: applied,
    DeduplicationScope: "deduplication is by queue here",
    FifoThroughputLimit: "throughput is this machine's",
    KmsDataKeyReusePeriodSeconds: "nothing is encrypted on this machine",
    Tags: "nothing reads them here",
  },
  canUpdate: (before, after) => before.QueueName === after.QueueName && before.FifoQueue === after.FifoQueue,
  async place({ properties, defaultName, platform: { aws, region, account } }) {
    const fifo = String(properties.FifoQueue) === "true";
    const name = optionalText(properties.QueueName) ?? (fifo ? `${defaultName}.fifo` : defaultName);
    const attributes = attributesOf(properties);
    let url: unknown;
    try {
      const create = {
        QueueName: name,
        Attributes: { ...attributes, ...(fifo ? { FifoQueue: "true" } : {}) },
      };
      url = (await aws.sqs("CreateQueue", create)).QueueUrl;
    } catch (thrown) {
      if (!(thrown instanceof AwsCallError && thrown.code === "QueueNameExists")) throw thrown;
      url = (await aws.sqs("GetQueueUrl", { QueueName: name })).QueueUrl;
      await aws.sqs("SetQueueAttributes", { QueueUrl: url, Attributes: attributes });
    }
    const arn = `arn:aws:sqs:${region}:${account}:${name}`;
    return {
      physicalId: String(url),
      attributes: { Arn: arn, QueueName: name, QueueUrl: String(url) },
    };
  },
  async lasts(name, { aws }) {
    const { QueueUrl } = await aws.sqs("GetQueueUrl", { QueueName: name });
    await aws.sqs("DeleteQueue", { QueueUrl });
  },
};

/** AWS::SQS::QueuePolicy: kept with the queue, so that it can be read back; nobody is refused here. */
export const sqsQueuePolicy: ResourceType = {
  type: "AWS::SQS::QueuePolicy",
  properties: { PolicyDocument: applied, Queues: applied },
  canUpdate: () => true,
  async place({ properties, defaultName, platform }) {
    for (const QueueUrl of properties.Queues as string[]) {
      const Attributes = { Policy: jsonText(properties.PolicyDocument) };
      await platform.aws.sqs("SetQueueAttributes", { QueueUrl, Attributes });
    }
    return { physicalId: defaultName, attributes: { Id: defaultName } };
  },
  remove: async () => {},
};

function attributesOf(properties: Properties): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of [...settable, "ReceiveMessageWaitTimeSeconds"]) {
    if (properties[name] !== undefined) attributes[name] = jsonText(properties[name]);
  }
  return attributes;
}
