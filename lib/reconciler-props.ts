import type { IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Architecture } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { DifferenceClass } from "../src/env.ts";
import type { Bundling } from "./bundle.ts";
import type { IEventBus } from "./event-bus-address.ts";
import type { Acknowledgement } from "./guards/index.ts";

/** What may be repaired though nobody has approved of it. */
export interface AutoRepair {
  /** Differences of these classes, and of no others. */
  readonly classes: readonly DifferenceClass[];
  /** With more open than this, nothing is repaired by itself, and the report says so. */
  readonly atMost: {
    readonly differences: number;
    /**
     * All together, in the units of the code's `amountOf`.
     * @default any amount
     */
    readonly amount?: number;
  };
}

export interface ReconcilerRepair {
  /**
   * What is repaired without approval, by the code's `repair`.
   * @default nothing: a plan is made by `bus reconcile plan`, and applied when somebody has approved of it
   */
  readonly auto?: AutoRepair;

  /**
   * How long one repair may take.
   * @default 30 seconds, or a third of the timeout where that is less
   */
  readonly timeout?: Duration;
}

export interface ReconcilerProps {
  /** The bus whose table of jobs and whose bucket it uses. Its sides may be anything. */
  readonly bus: IEventBus;

  /** The file that exports `reconciler({ left, right, … })`: a path from the working directory, or a URL. */
  readonly entry: string | URL;

  /**
   * The name that the file exports it by.
   * @default "handler": Lambda's own habit
   */
  readonly handler?: string;

  /** How often it runs: whole minutes, 3 days at most. */
  readonly every: Duration;

  /**
   * What is younger than this is still under way: no difference, not compared. Longer than the slowest honest way from one
   * side to the other.
   */
  readonly settle: Duration;

  /**
   * The span of time that digests are kept of. The bound is settle + one span + every.
   * @default 1 hour: a day of a quiet job is one question to each side
   */
  readonly span?: Duration;

  /**
   * How long both sides keep their records. Before they expire each span is compared a last time, and never after.
   * @default for ever
   */
  readonly keep?: Duration;

  /**
   * Nothing before this is compared.
   * @default what has not settled when it runs first: what is older nobody has promised
   */
  readonly begin?: Date;

  /**
   * Equal entries that lie in different spans, further apart than this, are `late`.
   * @default `settle`
   */
  readonly lateAfter?: Duration;

  /**
   * What is done about differences without being asked.
   * @default nothing
   */
  readonly repair?: ReconcilerRepair;

  /**
   * Parts of a large comparison that are compared at once: so many invocations ask both sides.
   * @default 5: a database that serves others, too, should not notice
   */
  readonly concurrency?: number;

  /**
   * Most time for one run, and for one part of a large one. What needs longer goes on in the next.
   * @default 5 minutes: what a killed part had in hand comes again after six times that
   */
  readonly timeout?: Duration;

  /**
   * Memory in MB; CPU grows with it.
   * @default 512: a comparison needs about 100 whatever the data, the rest is for hashing
   */
  readonly memorySize?: number;

  /** @default ARM_64: a fifth cheaper for the same work */
  readonly architecture?: Architecture;

  /**
   * Where reports and plans are kept.
   * @default the bus's archive: the bucket `{bus}-archive-{account}-{region}`
   */
  readonly bucket?: IBucket;

  /**
   * Whom the alarms tell.
   * @default nobody: they are to be seen in CloudWatch
   */
  readonly alarmAction?: IAlarmAction;

  /**
   * Whether there are alarms: what is open, what is open for longer than the bound, what is unknown, no run for two
   * intervals, dead letters.
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * A key of yours for the queue of parts and its dead letters. The queue of runs that could not be started stays with
   * SQS's own key, so that a broken key policy cannot fail both.
   * @default SQS's own key
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of dead letters when the stack goes.
   * @default RETAIN_ON_UPDATE_OR_DELETE: they tell what went wrong
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * More variables for the code.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Options for esbuild.
   * @default one minified ES module for Node 24 with a source map, all packages inside
   */
  readonly bundling?: Bundling;

  /**
   * A network for the function: where its sides are.
   * @default none: it reaches AWS and the internet by itself
   */
  readonly vpc?: IVpc;
  /** @default the network's private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** @default one that lets everything out */
  readonly securityGroups?: readonly ISecurityGroup[];

  /**
   * A log group of yours; `logRetention` is then its own affair.
   * @default `/aws/lambda/{bus}-{id}`, which goes with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * How long logs are kept.
   * @default ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Guards to turn off here, each with its reason.
   * @default none
   */
  readonly acknowledge?: readonly Acknowledgement[];
}
