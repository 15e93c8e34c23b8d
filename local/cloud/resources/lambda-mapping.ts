import { createHash } from "node:crypto";
import type { MappingSpec } from "../../mapping/index.ts";
import { isRecord } from "../assembly/template.ts";
import { functionNameOf } from "../function-name.ts";
import { applied, type Properties, type ResourceType } from "./resource-type.ts";

/** AWS::Lambda::EventSourceMapping of a queue. `Ref` is the UUID. */
export const lambdaMapping: ResourceType = {
  type: "AWS::Lambda::EventSourceMapping",
  properties: {
    EventSourceArn: applied,
    FunctionName: applied,
    BatchSize: applied,
    MaximumBatchingWindowInSeconds: applied,
    ScalingConfig: applied,
    FunctionResponseTypes: applied,
    Enabled: applied,
    KmsKeyArn: "nothing is encrypted on this machine",
    MetricsConfig: "there is no CloudWatch here",
    Tags: "nothing reads them here",
  },
  canUpdate: (before, after) => before.EventSourceArn === after.EventSourceArn,
  async place({ stack, logicalId, properties, platform, unsupported }) {
    const uuid = uuidOf(`${stack}/${logicalId}`);
    const arn = `arn:aws:lambda:${platform.region}:${platform.account}:event-source-mapping:${uuid}`;
    const placed = { physicalId: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
    const queueArn = String(properties.EventSourceArn);
    const [, , service, , , queueName = ""] = queueArn.split(":");
    if (service !== "sqs") {
      unsupported(`EventSourceArn ${queueArn}: mappings of queues run here`);
      return placed;
    }
    const spec = specOf(properties, uuid, queueArn);
    if (!platform.functions.specs().some(({ name }) => name === spec.functionName)) {
      unsupported(
        `FunctionName ${spec.functionName}: that function does not run here, so its queue is not polled`,
      );
      return placed;
    }
    const { QueueUrl } = await platform.aws.sqs("GetQueueUrl", { QueueName: queueName });
    await platform.mappings.put(spec, String(QueueUrl));
    return placed;
  },
  async remove({ physicalId }, { mappings }) {
    await mappings.remove(physicalId);
  },
};

/** AWS's defaults for queues: 10 messages, no window, enabled. (aws-resource-lambda-eventsourcemapping) */
function specOf(properties: Properties, uuid: string, queueArn: string): MappingSpec {
  const { BatchSize = 10, MaximumBatchingWindowInSeconds: window = 0, Enabled = true } = properties;
  const scaling = isRecord(properties.ScalingConfig) ? properties.ScalingConfig : {};
  const responses = Array.isArray(properties.FunctionResponseTypes) ? properties.FunctionResponseTypes : [];
  return {
    uuid,
    queueArn,
    functionName: functionNameOf(String(properties.FunctionName)),
    batchSize: Number(BatchSize),
    windowMs: Number(window) * 1_000,
    reportBatchItemFailures: responses.includes("ReportBatchItemFailures"),
    fifo: queueArn.endsWith(".fifo"),
    enabled: String(Enabled) !== "false",
    ...(scaling.MaximumConcurrency === undefined
      ? {}
      : { maximumConcurrency: Number(scaling.MaximumConcurrency) }),
  };
}

/** The same mapping has the same UUID at each start. */
function uuidOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
