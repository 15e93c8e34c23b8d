import { createHash } from "node:crypto";
import type { MappingSpec } from "../../mapping/index.ts";
import { isRecord } from "../assembly/template.ts";
import { functionNameOf } from "../function-name.ts";
import { applied, type Properties, type ResourceType } from "./resource-type.ts";
import { streamProperties, streamSpecOf } from "./stream-mapping-properties.ts";

/** AWS::Lambda::EventSourceMapping of a queue, or of a table's stream. `Ref` is the UUID. */
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
    ...streamProperties,
    ProvisionedPollerConfig: "batches grow here as in standard mode",
    KmsKeyArn: "nothing is encrypted on this machine",
    MetricsConfig: "there is no CloudWatch here",
    Tags: "nothing reads them here",
  },
  canUpdate: (before, after) => before.EventSourceArn === after.EventSourceArn,
  async place({ stack, logicalId, properties, platform, unsupported }) {
    const uuid = uuidOf(`${stack}/${logicalId}`);
    const arn = `arn:aws:lambda:${platform.region}:${platform.account}:event-source-mapping:${uuid}`;
    const placed = { physicalId: uuid, attributes: { Id: uuid, EventSourceMappingArn: arn } };
    const sourceArn = String(properties.EventSourceArn);
    const [, , service, , , name = ""] = sourceArn.split(":");
    const functionName = functionNameOf(String(properties.FunctionName));
    if (service !== "sqs" && service !== "dynamodb") {
      unsupported(`EventSourceArn ${sourceArn}: mappings of queues and of tables' streams run here`);
    } else if (!platform.functions.specs().some((known) => known.name === functionName)) {
      unsupported(
        `FunctionName ${functionName}: that function does not run here, so its ${service === "sqs" ? "queue is not polled" : "stream is not read"}`,
      );
    } else if (service === "dynamodb") {
      const spec = streamSpecOf(properties, uuid, unsupported);
      if (spec !== undefined) await platform.mappings.putStream(spec);
    } else {
      if (properties.FilterCriteria !== undefined) {
        unsupported("FilterCriteria: messages of queues are not filtered here, all reach the function");
      }
      const { QueueUrl } = await platform.aws.sqs("GetQueueUrl", { QueueName: name });
      await platform.mappings.put(specOf(properties, uuid, sourceArn), String(QueueUrl));
    }
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
