import { dynamoHolds, type HoldStore } from "../../breaker/index.ts";
import type { Clock } from "../../clock.ts";
import type { ConsumerSettings } from "../../env.ts";
import { SettingsError } from "../../errors.ts";
import { dynamoLeases, type Leases } from "../../leases/index.ts";
import type { Limit } from "../../limits/index.ts";
import { jobsTableName, partitionOf, queueName } from "../../names.ts";
import type { Probe } from "../batch-run.ts";
import type { Inbox } from "./ports.ts";
import { sqsInbox } from "./sqs-inbox.ts";

/** What a consumer needs to be drained, beside its parts. */
export interface DrainTools {
  readonly inbox: Inbox;
  readonly leases: Leases;
  readonly holds: HoldStore;
  readonly probe: Probe | undefined;
  /** From one run to the next. */
  readonly everyMs: number;
  /** Most messages in one receive. */
  readonly batchSize: number;
  /** How many starts its limits have in so much time; at least one. */
  startsWithin(ms: number): number;
}

/**
 * The tools of a deployed consumer: its queue on SQS and its bus's table on DynamoDB, but for what is given. Throws
 * `SettingsError` for a consumer that was not deployed to be drained, and for limits with a key.
 */
export function drainTools(
  settings: ConsumerSettings,
  limits: readonly Limit[],
  given: {
    readonly inbox?: Inbox | undefined;
    readonly leases?: Leases | undefined;
    readonly holds?: HoldStore | undefined;
    readonly probe?: Probe | undefined;
    readonly clock: Clock;
  },
): DrainTools {
  const { bus, consumer, fifo, account, region, drain } = settings;
  const { clock } = given;
  if (!drain) {
    throw new SettingsError(
      "not-drained",
      `consumer ${consumer} was invoked to drain its queue, and was deployed with a mapping: deploy its stack again, which removes the schedule`,
    );
  }
  const keyed = limits.find(({ key }) => key !== undefined);
  if (keyed) {
    throw new SettingsError(
      "drain-key",
      `limit ${JSON.stringify(keyed.name)} of consumer ${consumer} has a key, and a drained consumer takes events before it knows theirs: raise its horizonMs and use drain: "mapping", or leave the key out`,
    );
  }
  const table = jobsTableName(bus);
  const queueArn = `arn:${partitionOf(region)}:sqs:${region}:${account}:${queueName(bus, consumer, fifo)}`;
  return {
    inbox: given.inbox ?? sqsInbox({ queueArn }),
    leases: given.leases ?? dynamoLeases({ table, clock }),
    holds: given.holds ?? dynamoHolds({ table, clock }),
    probe: given.probe,
    everyMs: drain.everyMs,
    batchSize: drain.batchSize,
    startsWithin: (ms) => {
      const rates = limits.filter(({ kind }) => kind === "rate");
      return Math.max(
        1,
        Math.floor(Math.min(...rates.map(({ count, windowMs }) => (count * ms) / windowMs))),
      );
    },
  };
}
