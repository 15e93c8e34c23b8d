import { settingsVariable } from "../../src/env.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

const mappingOfSqs = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";

/** How much the event source mapping may hand to the function, and how often at once. */
export const mappingGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "maximum-concurrency",
    reason: "the mapping pulls more than the function takes: throttled batches come back, and die unrun",
    fix: "leave maximumConcurrency out; to run one at a time, put the events on a .fifo topic with one partition key",
    link: mappingOfSqs,
    check: ({ reserved, maximum }) => {
      if (reserved === undefined || (maximum !== undefined && maximum <= reserved)) return undefined;
      const lowest =
        reserved < lambda.minMaximumConcurrency
          ? `, and AWS has no maximum under ${lambda.minMaximumConcurrency}`
          : "";
      return `maximumConcurrency is ${maximum ?? "unset"} and concurrency ${reserved}; at most ${reserved} is allowed${lowest}`;
    },
  },
  {
    id: "maximum-concurrency-range",
    reason: "Lambda refuses the mapping",
    fix: "choose a whole number in the range",
    link: mappingOfSqs,
    final: true,
    check: ({ maximum, reserved }) => {
      const { minMaximumConcurrency: least, maxMaximumConcurrency: most } = lambda;
      if (reserved !== undefined && !(Number.isInteger(reserved) && reserved >= 1)) {
        return `concurrency is ${reserved}; a whole number of at least 1 is allowed`;
      }
      return maximum === undefined || (Number.isInteger(maximum) && maximum >= least && maximum <= most)
        ? undefined
        : `maximumConcurrency is ${maximum}; ${least} to ${most} is allowed`;
    },
  },
  {
    id: "batch-size",
    reason: "Lambda refuses the mapping",
    fix: "lower batchSize; with more than 10 a batchWindow of at least a second; on .fifo topics 10 and no window",
    link: mappingOfSqs,
    final: true,
    check: ({ batchSize, batchWindow, fifo }) => {
      const most = fifo ? lambda.maxBatchSizeFifo : lambda.maxBatchSizeStandard;
      const window = batchWindow.toSeconds();
      if (!(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= most)) {
        return `batchSize is ${batchSize}; 1 to ${most} is allowed on ${fifo ? "ordered" : "standard"} queues`;
      }
      if (window > (fifo ? 0 : lambda.maxWindowSeconds)) {
        return `batchWindow is ${window} s; at most ${fifo ? 0 : lambda.maxWindowSeconds} s is allowed on ${fifo ? "ordered" : "standard"} queues`;
      }
      return batchSize > lambda.maxBatchSizeFifo && window < 1
        ? `batchSize is ${batchSize} with a batchWindow of ${window} s; more than ${lambda.maxBatchSizeFifo} need at least 1 s`
        : undefined;
    },
  },
  {
    id: "batch-payload",
    reason:
      "one invocation carries 6 MB: larger batches are cut, and what batchSize promises does not happen",
    fix: "lower batchSize, or state maxMessageBytes if your events are smaller",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    check: ({ batchSize, maxMessageBytes }) => {
      if (!(maxMessageBytes >= 1)) {
        return `maxMessageBytes is ${maxMessageBytes}; 1 or more is allowed: the bytes of the largest message`;
      }
      return batchSize * maxMessageBytes <= lambda.invokePayloadBytes
        ? undefined
        : `batchSize (${batchSize}) × maxMessageBytes (${maxMessageBytes}) is ${batchSize * maxMessageBytes} bytes; ${lambda.invokePayloadBytes} are allowed`;
    },
  },
  {
    id: "parallel",
    reason: "no handler would ever start, and every event would come back until it is dead",
    fix: "choose a whole number, 1 to run the events of a batch one after the other",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
    final: true,
    check: ({ parallel }) =>
      Number.isInteger(parallel) && parallel >= 1
        ? undefined
        : `parallel is ${parallel}; a whole number of at least 1 is allowed`,
  },
  {
    id: "timeout",
    reason: "Lambda refuses the function",
    fix: "lower timeout",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    final: true,
    check: ({ timeout }) =>
      timeout.toSeconds() >= 1 && timeout.toSeconds() <= lambda.maxTimeoutSeconds
        ? undefined
        : `timeout is ${timeout.toSeconds()} s; 1 to ${lambda.maxTimeoutSeconds} s is allowed`,
  },
  {
    id: "environment",
    reason: "the consumer's own settings travel in this variable",
    fix: "give your variable another name",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    final: true,
    check: ({ environment }) =>
      environment.includes(settingsVariable) ? `environment has the variable ${settingsVariable}` : undefined,
  },
  {
    id: "environment-size",
    reason: "Lambda refuses the function",
    fix: "keep long values in Parameter Store or AppConfig, or in the bundle, and let the handler read them there",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    final: true,
    check: ({ environmentBytes }) =>
      environmentBytes <= lambda.environmentBytes
        ? undefined
        : `environment and the consumer's own settings take ${environmentBytes} bytes as JSON; ${lambda.environmentBytes} are allowed`,
  },
];
