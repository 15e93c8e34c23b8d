import type { Duration } from "aws-cdk-lib/core";
import type { DeliverySettings } from "../../src/env.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import type { Guard } from "./guard.ts";

/** How delivery is reconciled, with every default filled in. */
export interface DeliveryFacts {
  readonly every: Duration;
  /** `undefined`: what each consumer's retries survive, and an hour more. */
  readonly settle: Duration | undefined;
  readonly grey: Duration;
  readonly auto: DeliverySettings["auto"];
  readonly sendPerSecond: number;
  readonly timeout: Duration;
  /** MB. */
  readonly memorySize: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** CloudWatch looks back a week at most, and an alarm waits for two intervals. (AlarmThatSendsEmail) */
const mostEveryMs = 3 * dayMs;
/** SQS takes so many messages of an ordered queue in a second, in batches, without high throughput. (quotas-messages) */
const mostSent = 3_000;

const schedules = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html";

/** Numbers of the reconciliation of delivery that cannot be. */
export const deliveryGuards: readonly Guard<DeliveryFacts>[] = [
  {
    id: "delivery-every",
    reason:
      "a schedule counts in whole minutes, and the alarm of a run that is missing looks back a week at most",
    fix: "choose whole minutes, from one minute to three days",
    link: schedules,
    final: true,
    check: ({ every }) => {
      const ms = every.toMilliseconds();
      if (ms >= minuteMs && ms % minuteMs === 0 && ms <= mostEveryMs) return undefined;
      return `archive.reconcile.every is ${every.toHumanString()}; whole minutes from 1 minute to 3 days are allowed`;
    },
  },
  {
    id: "delivery-times",
    reason: "the function would compare what has not happened, or nothing for ever",
    fix: "choose settle from 0 on, and grey from 0 to 1 day; or leave them out",
    link: "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
    final: true,
    check: ({ settle, grey }) => {
      const greyMs = grey.toMilliseconds();
      if (!(greyMs >= 0 && greyMs <= dayMs)) {
        return `archive.reconcile.grey is ${grey.toHumanString()}; 0 to 1 day are allowed`;
      }
      if (settle === undefined || settle.toMilliseconds() >= 0) return undefined;
      return `archive.reconcile.settle is ${settle.toHumanString()}; 0 or more is allowed`;
    },
  },
  {
    id: "delivery-auto",
    reason: "an archived event that was not handled can be sent again; all else is a person's",
    fix: 'let classes be ["missing-right"], and give a ceiling: differences from 1 on, and no amount',
    link: "https://docs.aws.amazon.com/wellarchitected/latest/operational-excellence-pillar/welcome.html",
    final: true,
    check: ({ auto }) => {
      if (auto === undefined) return undefined;
      const { classes, atMost } = auto;
      if (classes.length !== 1 || classes[0] !== "missing-right") {
        return `archive.reconcile.auto.classes is ${JSON.stringify(classes)}`;
      }
      if (atMost.amount !== undefined)
        return "archive.reconcile.auto.atMost.amount is given: events have none";
      if (Number.isSafeInteger(atMost.differences) && atMost.differences >= 1) return undefined;
      return `archive.reconcile.auto.atMost.differences is ${atMost.differences}`;
    },
  },
  {
    id: "delivery-send",
    reason: "SQS takes no more of an ordered queue, and a consumer is to notice nothing of it",
    fix: `choose more than 0, up to ${mostSent}`,
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    final: true,
    check: ({ sendPerSecond }) =>
      sendPerSecond > 0 && sendPerSecond <= mostSent
        ? undefined
        : `archive.reconcile.sendPerSecond is ${sendPerSecond}; more than 0, up to ${mostSent}, is allowed`,
  },
  {
    id: "delivery-timeout",
    reason: "a run looks at every consumer in it, compares, repairs and reports",
    fix: "choose one to fifteen minutes; what is not come to is come to first by the next run",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    final: true,
    check: ({ timeout }) => {
      const ms = timeout.toMilliseconds();
      if (ms >= minuteMs && ms <= lambda.maxTimeoutSeconds * 1_000) return undefined;
      return `archive.reconcile.timeout is ${timeout.toHumanString()}; 1 to 15 minutes are allowed`;
    },
  },
];
