import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping, FilterCriteria, type IFunction, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration, type RemovalPolicy, Stack } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { encodeJobSettings, jobSettingsVariable } from "../src/env.ts";
import { lambda } from "../src/limits-of-aws.ts";
import { archiveBucketName } from "../src/names.ts";
import { addArchiveBucket } from "./archive-bucket.ts";
import type { ArchiveOptions } from "./archive-options.ts";
import { addArchiveQueues } from "./archive-queues.ts";
import { addArchiveTables } from "./archive-tables.ts";
import { Delivery } from "./delivery.ts";
import { archiveGuards, enforce } from "./guards/index.ts";
import { addJobFunction } from "./job-function.ts";
import { addReplayer } from "./replayer.ts";
import { addSchedule } from "./schedule.ts";

/** Messages in one object at most: with events of a kilobyte less than a megabyte. */
const batchSize = 1_000;
const sealTimeout = Duration.minutes(15);
/** Completions that the journaler looks at: others of the ledger's changes are none, and cost no invocation. */
const endings = FilterCriteria.filter({
  dynamodb: { NewImage: { state: { S: ["done", "dead"] } } },
});

export interface ArchiveProps extends ArchiveOptions {
  /** Where ordered groups wait; absent where no topic is ordered. */
  readonly parked?: ITable | undefined;
  /** The topics' names, without the bus. */
  readonly topicNames: readonly string[];
  readonly bus: string;
  readonly topics: readonly ITopic[];
  readonly ledger: ITable;
  readonly jobs: ITable;
  /** Where calls end that could not be made. */
  readonly jobsDeadLetters: IQueue;
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/**
 * Keeps all that was published (*archive*) and all that was completed (*journal*) in a bucket: every topic's messages by
 * way of a queue, the ledger's endings by its stream; a job closes each span of time into segments.
 *
 * Nothing of it is on the way of an event to its consumers: when S3 fails, the queue waits.
 */
export class Archive extends Construct {
  readonly bucket: IBucket;
  readonly queue: IQueue;
  readonly archiver: IFunction;
  readonly journaler: IFunction;
  readonly sealer: IFunction;
  /** Runs large replays; called by nothing but them. */
  readonly replayer: IFunction;
  /** Who tells what was lost; `undefined` where nobody does. */
  readonly delivery: Delivery | undefined;

  constructor(scope: Construct, id: string, props: ArchiveProps) {
    super(scope, id);
    const { bus, topics, ledger, jobs, encryptionKey, removalPolicy, retention } = props;
    const times = {
      span: props.span ?? Duration.hours(1),
      window: props.window ?? Duration.seconds(5),
      retention,
      rawRetention: props.rawRetention ?? Duration.days(7),
      timeout: props.timeout ?? Duration.minutes(1),
    };
    enforce(archiveGuards, times, { subject: `Archive ${this.node.path}` });
    const { span, window, rawRetention, timeout } = times;
    const { account, region } = Stack.of(this);
    const bucketName = archiveBucketName(bus, account, region);
    this.bucket = addArchiveBucket(this, {
      bucketName,
      retention,
      encryptionKey,
      removalPolicy,
    });
    const objects = (prefix: string) => this.bucket.arnForObjects(`${prefix}/*`);
    const environment = {
      [jobSettingsVariable]: encodeJobSettings({
        v: 1,
        bus,
        account,
        region,
        spanMs: span.toMilliseconds(),
        graceMs: 2 * timeout.toMilliseconds(),
        rawKeepMs: rawRetention.toMilliseconds(),
      }),
    };
    const job = { bus, environment, encryptionKey };

    const visibilityTimeout = Duration.seconds(
      lambda.visibilityFactor * timeout.toSeconds() + window.toSeconds(),
    );
    const { queue } = addArchiveQueues(this, {
      bus,
      topics,
      visibilityTimeout,
      encryptionKey,
      removalPolicy,
    });
    this.queue = queue;
    const archiver = addJobFunction(this, {
      ...job,
      job: "archiver",
      timeout,
      memorySize: 512,
      may: [{ actions: ["s3:PutObject"], resources: [objects("raw/archive")] }],
    });
    this.archiver = archiver;
    const consumes = queue.grantConsumeMessages(archiver);
    const archiving = new EventSourceMapping(this, "Archiving", {
      target: archiver,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxBatchingWindow: window,
      // One object holds what one batch brings: few large ones are cheaper than many small ones.
      maxConcurrency: 10,
    });
    consumes.applyBefore(archiving);

    const stream = ledger.tableStreamArn ?? "";
    this.journaler = addJobFunction(this, {
      ...job,
      job: "journaler",
      timeout,
      memorySize: 512,
      may: [
        { actions: ["s3:PutObject"], resources: [objects("raw/journal")] },
        {
          actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
          resources: [stream],
        },
        { actions: ["dynamodb:ListStreams"], resources: [`${ledger.tableArn}/stream/*`] },
      ],
    });
    const journaling = new EventSourceMapping(this, "Journaling", {
      target: this.journaler,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      maxBatchingWindow: window,
      // Until the stream forgets, a day later: a completion that is skipped would look like a lost event.
      bisectBatchOnError: true,
      filters: [endings],
    });
    journaling.node.addDependency(this.journaler);

    this.sealer = addJobFunction(this, {
      ...job,
      job: "sealer",
      timeout: sealTimeout,
      memorySize: 1_024,
      may: [
        { actions: ["s3:ListBucket"], resources: [this.bucket.bucketArn] },
        { actions: ["s3:GetObject"], resources: [objects("raw"), objects("sealed"), objects("athena")] },
        { actions: ["s3:PutObject"], resources: [objects("sealed"), objects("athena")] },
        { actions: ["s3:DeleteObject"], resources: [objects("raw")] },
        {
          actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
          resources: [jobs.tableArn],
        },
      ],
    });
    addSchedule(this, "Sealing", {
      name: `${bus}-sealer`,
      every: span,
      target: this.sealer,
      deadLetterQueue: props.jobsDeadLetters,
    });
    this.replayer = addReplayer(this, { bus, bucket: this.bucket, ledger, jobs, environment, encryptionKey });
    const { reconcile = {} } = props;
    this.delivery =
      reconcile === false
        ? undefined
        : new Delivery(this, "Delivery", {
            ...reconcile,
            bus,
            topicNames: props.topicNames,
            topics,
            bucket: this.bucket,
            ledger,
            jobs,
            parked: props.parked,
            span,
            grace: Duration.millis(2 * timeout.toMilliseconds()),
            retention,
            jobsDeadLetters: props.jobsDeadLetters,
            encryptionKey,
          });
    addArchiveTables(this, { bus, bucketName, spanMinutes: span.toMinutes() });
  }
}
