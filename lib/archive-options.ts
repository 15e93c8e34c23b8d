import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import type { Duration } from "aws-cdk-lib/core";
import type { AutoRepair } from "./reconciler-props.ts";

/** How a bus keeps what was published and what was completed. */
export interface ArchiveOptions {
  /**
   * How much time is closed at once: what was written in it becomes segments, with an offset for each event.
   * @default 1 hour: some MB for a small bus, and a day has 24 of them
   */
  readonly span?: Duration;

  /**
   * How long the archiver and the journaler may wait until their next object is full. A shorter one costs more PUTs.
   * @default 5 seconds: 17,000 PUTs a day at most, 9 cents
   */
  readonly window?: Duration;

  /**
   * Most time for one object to be written. What a killed archiver had in hand comes again after six times that; a span is
   * closed after twice that.
   * @default 1 minute: a few tries of a slow PUT
   */
  readonly timeout?: Duration;

  /**
   * How long segments are kept.
   * @default forever: 23 cents per 10 GB and month, and nobody has ever regretted what could be read again
   */
  readonly retention?: Duration;

  /**
   * How long the objects that segments were made of are kept after that.
   * @default 7 days: a week in which a mistake in sealing can be undone. Nothing goes that is not sealed
   */
  readonly rawRetention?: Duration;

  /**
   * How it is found out whether every event reached every consumer whose filter matched it; `false`: nobody does.
   * @default every hour: who keeps what was published can as well tell what was lost
   */
  readonly reconcile?: DeliveryOptions | false;
}

/** How delivery is reconciled: what was published with what each consumer has handled. */
export interface DeliveryOptions {
  /**
   * How often: whole minutes, 3 days at most.
   * @default 1 hour, or the archive's span where that is longer: nothing is compared before it is sealed
   */
  readonly every?: Duration;

  /**
   * What is younger than this is still under way. What waits in a queue, or is tried again, is not called missing later either.
   * @default for each consumer what its retries survive, and an hour more
   */
  readonly settle?: Duration;

  /**
   * How long before and after a change of a consumer's filters nobody can tell which ones were in force. What came then, and
   * only one of them would have let through, is counted and not judged.
   * @default 15 minutes: SNS takes so long
   */
  readonly grey?: Duration;

  /**
   * What is sent again without approval. Only `missing-right` can be: an archived event that a consumer has not handled.
   * @default nothing: a plan is made by `bus reconcile plan`, and applied when somebody has approved of it
   */
  readonly auto?: AutoRepair;

  /**
   * Events that are sent again in a second, to one consumer.
   * @default 50: a consumer that has just come back should not notice
   */
  readonly sendPerSecond?: number;

  /**
   * Most time for one run over all consumers. What is not come to is come to first by the next.
   * @default 15 minutes
   */
  readonly timeout?: Duration;

  /**
   * Memory in MB; CPU grows with it.
   * @default 1,024: half a million lines under comparison take 40 MB, the rest is for unpacking
   */
  readonly memorySize?: number;

  /**
   * Whether there are alarms: what is open, what is open for longer than the bound, what is unknown, no run for two intervals.
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * Whom the alarms tell.
   * @default nobody: they are to be seen in CloudWatch
   */
  readonly alarmAction?: IAlarmAction;
}
