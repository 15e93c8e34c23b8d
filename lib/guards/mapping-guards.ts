import { lambda } from "../../src/limits-of-aws.ts";
import { inFlightRule } from "../../src/plan/index.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { invocationsAtOnce } from "./invocations-at-once.ts";
import { isKnown, shown } from "./shown.ts";

const provisionedMode = "https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html";
const mappingOfSqs = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";

/** How much the event source mapping may hand to the function, and how often at once. */
export const mappingGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "maximum-concurrency",
    reason: "the mapping pulls more than the function takes: throttled batches come back, and die unrun",
    fix: "leave maximumConcurrency out; to run one at a time, put the events on a .fifo topic with one partition key",
    link: mappingOfSqs,
    check: ({ reserved, maximum, pollers, drain }) => {
      // A schedule calls one at a time. What is no number, or none yet, is told of by the range; pollers have a guard of their own.
      if (
        pollers ||
        drain === "schedule" ||
        reserved === undefined ||
        !isKnown(reserved) ||
        !Number.isFinite(reserved) ||
        (maximum !== undefined && maximum <= reserved)
      )
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
    id: "pollers",
    reason: "Lambda refuses the mapping",
    fix: "choose whole numbers in the range, the minimum no larger than the maximum",
    link: provisionedMode,
    final: true,
    check: ({ pollers }) => {
      if (!pollers) return undefined;
      const { minMinimum, maxMinimum, minMaximum, maxMaximum } = lambda.pollers;
      const { minimum, maximum } = pollers;
      if (!(Number.isInteger(minimum) && minimum >= minMinimum && minimum <= maxMinimum)) {
        return `pollers.minimum is ${shown(minimum)}; ${minMinimum} to ${maxMinimum} is allowed`;
      }
      if (!(Number.isInteger(maximum) && maximum >= minMaximum && maximum <= maxMaximum)) {
        return `pollers.maximum is ${shown(maximum)}; ${minMaximum} to ${maxMaximum} is allowed`;
      }
      return minimum <= maximum
        ? undefined
        : `pollers.minimum is ${minimum} and pollers.maximum ${maximum}; at most ${maximum} is allowed`;
    },
  },
  {
    id: "pollers-or-maximum",
    reason: "Lambda refuses the mapping: provisioned mode knows no maximum concurrency",
    fix: "leave maximumConcurrency out; the most pollers, ten invocations each, are the ceiling",
    link: provisionedMode,
    final: true,
    check: ({ pollers, hasMaximum }) =>
      pollers && hasMaximum ? "both pollers and maximumConcurrency are given" : undefined,
  },
  {
    id: "pollers-reserved",
    reason: "the pollers pull more than the function takes: throttled batches come back, and die unrun",
    fix: "reserve ten for each of the most pollers, or lower pollers.maximum; or leave concurrency out",
    link: provisionedMode,
    check: ({ pollers, reserved }) => {
      if (!pollers || reserved === undefined || !isKnown(reserved)) return undefined;
      const { invocationsEach } = lambda.pollers;
      const asked = pollers.maximum * invocationsEach;
      return reserved >= asked
        ? undefined
        : `concurrency is ${reserved}, and ${pollers.maximum} pollers have up to ${pollers.maximum} × ${invocationsEach} = ${asked} invocations at once`;
    },
  },
  {
    id: "account-concurrency",
    reason: "Lambda keeps 100 of an account's concurrency unreserved, and refuses what would take more",
    fix: "lower concurrency; or have the quota raised (Service Quotas, Lambda), then acknowledge",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    check: ({ consumer, reserved, siblings }) => {
      if (reserved === undefined || !isKnown(reserved)) return undefined;
      const all = [...siblings.filter((one) => one.reserved !== undefined), { consumer, reserved }];
      const sum = all.reduce((total, one) => total + (one.reserved ?? 0), 0);
      const most = lambda.accountConcurrency - lambda.unreservedConcurrency;
      return sum <= most
        ? undefined
        : `${all.map((one) => `${one.consumer} ${one.reserved}`).join(" + ")} = ${sum} are reserved; a new account has ${lambda.accountConcurrency}, and ${most} of them can be`;
    },
  },
  {
    ...inFlightRule,
    check: (facts) => {
      const inFlight = invocationsAtOnce(facts) * facts.batchSize;
      return isKnown(facts.batchSize) ? inFlightRule.check({ inFlight }) : undefined;
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
