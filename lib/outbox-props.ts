import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { Contract } from "../src/contract/index.ts";
import type { IEventBus } from "./event-bus-address.ts";

/** What an outbox is made of. Only the bus must be given. */
export interface OutboxProps {
  /** The bus that its events go to. */
  readonly bus: IEventBus;

  /**
   * The contracts whose topics the relay may publish to.
   * @default all topics of the bus
   */
  readonly contracts?: readonly Contract[];

  /**
   * A table that there is already, with a stream of new images and two string keys.
   * @default `{bus}-outbox`, made here. One of your own saves nothing: a transaction may write to several tables
   */
  readonly table?: ITable;

  /**
   * What the partition keys of the outbox's items begin with in that table, and those of no other item do.
   * @default none: a table made here holds nothing else
   */
  readonly prefix?: string;

  /** The name of that table's partition key. @default `pk` */
  readonly partitionKey?: string;

  /** The name of that table's sort key. @default `sk` */
  readonly sortKey?: string;

  /**
   * What has waited for so long is swept: its stream was disabled, has forgotten it, or has given up.
   * @default 1 minute: a stream takes less than a second, and a few tries less than that minute
   */
  readonly grace?: Duration;

  /**
   * The topics' `MaximumMessageSize`, in bytes.
   * @default 256 KiB, as AWS has it
   */
  readonly maxMessageSize?: number;

  /**
   * Whether there are alarms: for what waits too long, for what can never be sent, for a sweeper that does not run.
   * @default true: nobody else would notice
   */
  readonly alarms?: boolean;

  /** What an alarm does. @default nothing: it shows in CloudWatch */
  readonly alarmAction?: IAlarmAction;

  /**
   * What becomes of the table when its stack goes.
   * @default RETAIN_ON_UPDATE_OR_DELETE: what waits in it is nowhere else
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether any second of the table's last 35 days can be restored.
   * @default true
   */
  readonly pointInTimeRecovery?: boolean;
}
