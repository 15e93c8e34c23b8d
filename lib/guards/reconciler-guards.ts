import type { Duration } from "aws-cdk-lib/core";
import { differenceClasses, jobSettingsVariable, type ReconcilerSettings } from "../../src/env.ts";
import { lambda } from "../../src/limits-of-aws.ts";
import { consumerOfJob } from "../../src/names.ts";
import type { Guard } from "./guard.ts";

/** One reconciliation with every default filled in. */
export interface ReconcilerFacts {
  readonly bus: string;
  readonly job: string;
  /** Which other construct has this name, and where it stands. */
  readonly twin: string | undefined;
  /** Whether it runs in its bus's account and region, where the table of jobs and the bucket are. */
  readonly isWithBus: boolean;
  /** Whether there is a bucket for its reports and plans; believed where the bus was made elsewhere. */
  readonly hasBucket: boolean;
  readonly every: Duration;
  readonly settle: Duration;
  readonly span: Duration;
  /** `undefined`: both sides keep their records for ever. */
  readonly keep: Duration | undefined;
  readonly begin: Date | undefined;
  readonly auto: ReconcilerSettings["auto"];
  readonly callTimeout: Duration;
  readonly timeout: Duration;
  /** Parts that are compared at once. */
  readonly concurrency: number;
  /** MB. */
  readonly memorySize: number;
  /** The names of the variables that the user adds. */
  readonly environment: readonly string[];
  /** The least that all variables take, the settings among them. */
  readonly environmentBytes: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** CloudWatch looks back a week at most, and an alarm waits for two intervals. (AlarmThatSendsEmail) */
const mostEveryMs = 3 * dayMs;
/** A run looks again, compares, repairs and reports in it. */
const leastTimeoutMs = minuteMs;

const schedules = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html";
const environmentPage = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html";
const queueMappings = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";

/** Numbers of a reconciliation that cannot be. */
export const reconcilerGuards: readonly Guard<ReconcilerFacts>[] = [
  {
    id: "reconciler-taken",
    reason: "both would be the same function",
    fix: "give one of them another construct id",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    final: true,
    check: ({ twin, bus }) => (twin === undefined ? undefined : `bus ${bus} has a ${twin}`),
  },
  {
    id: "reconciler-name",
    reason: "so are the jobs called that reconcile delivery, and both would go by one progress",
    fix: "give it another construct id",
    link: "https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html",
    final: true,
    check: ({ job }) =>
      consumerOfJob(job) === undefined ? undefined : `its name ${JSON.stringify(job)} begins with delivery-`,
  },
  {
    id: "reconciler-elsewhere",
    reason: "its progress, its differences and its reports are kept where the bus is",
    fix: "let it run in the bus's account and region; its sides may be anywhere",
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.Partitions.html",
    final: true,
    check: ({ isWithBus }) => (isWithBus ? undefined : "it is in another account or region than its bus"),
  },
  {
    id: "reconciler-bucket",
    reason: "its reports and its plans would be written nowhere: repairs could not be approved of",
    fix: "let the bus have its archive, or give bucket",
    link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingBucket.html",
    check: ({ hasBucket }) =>
      hasBucket ? undefined : "its bus has no archive (archive: false), and no bucket is given",
  },
  {
    id: "reconciler-every",
    reason:
      "a schedule counts in whole minutes, and the alarm of a run that is missing looks back a week at most",
    fix: "choose whole minutes, from one minute to three days",
    link: schedules,
    final: true,
    check: ({ every }) => {
      const ms = every.toMilliseconds();
      if (ms >= minuteMs && ms % minuteMs === 0 && ms <= mostEveryMs) return undefined;
      return `every is ${textOf(every)}; whole minutes from 1 minute to 3 days are allowed`;
    },
  },
  {
    id: "reconciler-settle",
    reason: "what is under way would be called missing the moment it has left one side",
    fix: "choose the slowest honest way from one side to the other: retries, and an outage that is to be survived",
    link: schedules,
    check: ({ settle }) => {
      const ms = settle.toMilliseconds();
      if (ms > 0) return undefined;
      return "settle is 0; more is allowed: nothing is on both sides at once";
    },
  },
  {
    id: "reconciler-span",
    reason: "spans are cut on one grid for all sources, and a day begins with a span everywhere",
    fix: "choose whole seconds that a day can be divided into, as in Duration.hours(1) or Duration.minutes(5)",
    link: schedules,
    final: true,
    check: ({ span }) => {
      const ms = span.toMilliseconds();
      if (ms >= 1_000 && ms % 1_000 === 0 && dayMs % ms === 0) return undefined;
      return `span is ${textOf(span)}; whole seconds that divide a day are allowed, from 1 second to 1 day`;
    },
  },
  {
    id: "reconciler-keep",
    reason: "records would expire before they could be compared, and what is missing would never be found",
    fix: "keep records longer on both sides, or lower settle, span or every; or leave keep out where nothing expires",
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    final: true,
    check: ({ keep, settle, span, every }) => {
      if (keep === undefined) return undefined;
      const leastMs = settle.toMilliseconds() + 2 * span.toMilliseconds() + every.toMilliseconds();
      if (keep.toMilliseconds() >= leastMs) return undefined;
      return `keep is ${textOf(keep)}; settle (${textOf(settle)}) + two spans (${textOf(span)}) + every (${textOf(every)}) is the least`;
    },
  },
  {
    id: "reconciler-begin",
    reason: "the function would not start",
    fix: 'give a moment since 1970, as in new Date("2026-01-01T00:00:00Z"), or leave begin out',
    link: schedules,
    final: true,
    check: ({ begin }) =>
      begin === undefined || (Number.isSafeInteger(begin.getTime()) && begin.getTime() >= 0)
        ? undefined
        : `begin is ${String(begin)}`,
  },
  {
    id: "reconciler-auto",
    reason: "what is repaired without anybody's approval needs a ceiling that can be held",
    fix: "name at least one class, and give whole numbers: differences from 1 on, amount from 0 on in the units of amountOf",
    link: "https://docs.aws.amazon.com/wellarchitected/latest/operational-excellence-pillar/welcome.html",
    final: true,
    check: ({ auto }) => {
      if (auto === undefined) return undefined;
      const { classes, atMost } = auto;
      const unknown = classes.filter((name) => !differenceClasses.includes(name));
      if (classes.length === 0) return "repair.auto.classes is empty";
      if (unknown.length > 0) {
        return `repair.auto.classes has ${unknown.join(", ")}; ${differenceClasses.join(", ")} are allowed`;
      }
      if (!(Number.isSafeInteger(atMost.differences) && atMost.differences >= 1)) {
        return `repair.auto.atMost.differences is ${atMost.differences}`;
      }
      const { amount = 0 } = atMost;
      return Number.isSafeInteger(amount) && amount >= 0
        ? undefined
        : `repair.auto.atMost.amount is ${amount}`;
    },
  },
  {
    id: "reconciler-timeout",
    reason:
      "a run looks again, compares, repairs and reports in it, and what it hands out is hidden for six times as long",
    fix: "choose one to fifteen minutes; a run that needs longer goes on in the next",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    final: true,
    check: ({ timeout }) => {
      const ms = timeout.toMilliseconds();
      if (ms >= leastTimeoutMs && ms <= lambda.maxTimeoutSeconds * 1_000) return undefined;
      return `timeout is ${textOf(timeout)}; 1 to 15 minutes are allowed`;
    },
  },
  {
    id: "reconciler-repair-timeout",
    reason: "a repair that hangs would use up the time of all others, or be cut off before it is looked at",
    fix: "choose one second to a third of the function's timeout",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html",
    final: true,
    check: ({ callTimeout, timeout }) => {
      const ms = callTimeout.toMilliseconds();
      if (ms >= 1_000 && ms * 3 <= timeout.toMilliseconds()) return undefined;
      return `repair.timeout is ${textOf(callTimeout)} with a timeout of ${textOf(timeout)}; 1 second to a third of that is allowed`;
    },
  },
  {
    id: "reconciler-concurrency",
    reason: "Lambda refuses the mapping",
    fix: "choose a whole number in the range: so many parts of a large job ask the sides at once",
    link: queueMappings,
    final: true,
    check: ({ concurrency }) => {
      const { minMaximumConcurrency: least, maxMaximumConcurrency: most } = lambda;
      if (Number.isInteger(concurrency) && concurrency >= least && concurrency <= most) return undefined;
      return `concurrency is ${concurrency}; whole numbers from ${least} to ${most} are allowed`;
    },
  },
  {
    id: "reconciler-environment",
    reason: "the job's own settings travel in this variable, and Lambda's whole environment has 4 KB",
    fix: "give your variable another name; keep long values in Parameter Store or AppConfig",
    link: environmentPage,
    final: true,
    check: ({ environment, environmentBytes }) => {
      if (environment.includes(jobSettingsVariable)) {
        return `environment has the variable ${jobSettingsVariable}`;
      }
      if (environmentBytes <= lambda.environmentBytes) return undefined;
      return `environment and the job's settings take ${environmentBytes} bytes as JSON; ${lambda.environmentBytes} are allowed`;
    },
  },
];

function textOf(duration: Duration): string {
  return duration.toHumanString();
}
