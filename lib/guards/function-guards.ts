import { consumerModes, settingsVariable } from "../../src/env.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";
import { isKnown } from "./shown.ts";

/** What a function's memory may be. */
export const memoryGuards: readonly Guard<Pick<ConsumerFacts, "memorySize">>[] = [
  {
    id: "memory-size",
    reason: "Lambda refuses the function",
    fix: "choose a whole number of MB in the range, or leave memorySize out",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    final: true,
    check: ({ memorySize }) => {
      const { minMemoryMb: least, maxMemoryMb: most } = lambda;
      // Nothing here is worked out from it, so it may be known at deployment alone.
      return !isKnown(memorySize) ||
        (Number.isInteger(memorySize) && memorySize >= least && memorySize <= most)
        ? undefined
        : `memorySize is ${memorySize} MB; whole numbers from ${least} to ${most} are allowed`;
    },
  },
];

/** What the function itself is given. */
export const functionGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "mode",
    reason: "the function would not know how to keep effects single, and would not start",
    fix: "choose one of the modes of docs/guarantees.md, or leave mode out",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html",
    final: true,
    check: ({ mode }) =>
      consumerModes.includes(mode)
        ? undefined
        : `mode is ${JSON.stringify(mode)}; ${consumerModes.map((one) => JSON.stringify(one)).join(", ")} are allowed`,
  },
  ...memoryGuards,
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
