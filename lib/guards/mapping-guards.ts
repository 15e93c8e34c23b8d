import { lambda } from "../../src/limits-of-aws.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { isKnown, shown } from "./shown.ts";

const mappingOfSqs = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";

/** How much the event source mapping may hand to the function, and how often at once. */
export const mappingGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "maximum-concurrency",
    reason: "the mapping pulls more than the function takes: throttled batches come back, and die unrun",
    fix: "leave maximumConcurrency out; to run one at a time, put the events on a .fifo topic with one partition key",
    link: mappingOfSqs,
    check: ({ reserved, maximum }) => {
      // A value that is not known yet is told of by the range.
      if (reserved === undefined || !isKnown(reserved) || (maximum !== undefined && maximum <= reserved))
        return undefined;
      const lowest =
        reserved < lambda.minMaximumConcurrency
          ? `, and AWS has no maximum under ${lambda.minMaximumConcurrency}`
          : "";
      return `maximumConcurrency is ${maximum === undefined ? "unset" : shown(maximum)} and concurrency ${reserved}; at most ${reserved} is allowed${lowest}`;
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
        return `concurrency is ${shown(reserved)}; a whole number of at least 1 is allowed`;
      }
      return maximum === undefined || (Number.isInteger(maximum) && maximum >= least && maximum <= most)
        ? undefined
        : `maximumConcurrency is ${shown(maximum)}; ${least} to ${most} is allowed`;
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
        return `batchSize is ${shown(batchSize)}; 1 to ${most} is allowed on ${fifo ? "ordered" : "standard"} queues`;
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
        return `maxMessageBytes is ${shown(maxMessageBytes)}; 1 or more is allowed: the bytes of the largest message`;
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
        : `parallel is ${shown(parallel)}; a whole number of at least 1 is allowed`,
  },
];
