/** Numbers that AWS fixes. Each stands here once, with the page that gives it. Bytes, counts and seconds. */
const KiB = 1024;

export const sns = {
  /** A message, and a whole PublishBatch, unless the topic's `MaximumMessageSize` says more. (large-message-payloads) */
  defaultMessageBytes: 256 * KiB,
  /** Range of the topic attribute `MaximumMessageSize`. (sns-large-payload) */
  minMessageBytes: KiB,
  maxMessageBytes: KiB * KiB,
  /** Entries in one PublishBatch. (API_PublishBatch) */
  batchEntries: 10,
  /** Attributes that raw delivery carries; with one more the message is discarded. (sns-message-attributes) */
  rawAttributes: 10,
  /** Server errors are retried for so long, then the message is dropped. (sns-message-delivery-retries) */
  deliveryDays: 23,
  /** For so long an ordered topic knows a deduplication id again. (fifo-message-dedup) */
  deduplicationMs: 300_000,
  /** Filter policy. (subscription-filter-policy-constraints) */
  filterKeys: 5,
  filterCombinations: 150,
  /** Filter policies of one topic, unless the quota was raised. (sns endpoints and quotas) */
  filterPoliciesPerTopic: 200,
  /** Messages published a second, per account and region, unless the quota was raised. (sns endpoints and quotas) */
  publishPerSecond: {
    "us-east-1": { standard: 30_000, fifo: 30_000 },
    "us-west-2": { standard: 9_000, fifo: 9_000 },
    "eu-west-1": { standard: 9_000, fifo: 9_000 },
    "us-east-2": { standard: 1_500, fifo: 3_000 },
    "us-west-1": { standard: 1_500, fifo: 3_000 },
    "ap-south-1": { standard: 1_500, fifo: 3_000 },
    "ap-northeast-1": { standard: 1_500, fifo: 3_000 },
    "ap-northeast-2": { standard: 1_500, fifo: 3_000 },
    "ap-southeast-1": { standard: 1_500, fifo: 3_000 },
    "ap-southeast-2": { standard: 1_500, fifo: 3_000 },
    "eu-central-1": { standard: 1_500, fifo: 3_000 },
  } as Readonly<Record<string, { readonly standard: number; readonly fifo: number }>>,
  /** In every other region. */
  publishPerSecondElsewhere: { standard: 300, fifo: 3_000 },
  /** Of one message group of an ordered topic. (sns endpoints and quotas) */
  publishPerSecondOfGroup: 300,
} as const;

export const sqs = {
  /** Message, and whole batch. (quotas-messages) */
  maxMessageBytes: KiB * KiB,
  batchEntries: 10,
  defaultRetentionSeconds: 4 * 86_400,
  minRetentionSeconds: 60,
  maxRetentionSeconds: 14 * 86_400,
  maxVisibilitySeconds: 12 * 3600,
  /** The same counts from the receive, so what is asked for later must leave room for an invocation's longest run. */
  maxDelayAfterReceiveSeconds: 12 * 3600 - 900,
  maxReceiveCount: 1_000,
  maxDelaySeconds: 900,
  /** Messages received and neither deleted nor visible again; beyond it none is handed out. (quotas-messages) */
  maxInFlight: 120_000,
} as const;

export const lambda = {
  /** The payload of one invocation. (gettingstarted-limits) */
  invokePayloadBytes: 6 * KiB * KiB,
  /** The same, where nobody waits for the answer. (gettingstarted-limits) */
  eventPayloadBytes: KiB * KiB,
  /** Events, unless the function's own settings say less. (invocation-async) */
  maxEventRetryAttempts: 2,
  minEventAgeMs: 60_000,
  maxEventAgeMs: 21_600_000,
  /** All environment variables together. (gettingstarted-limits) */
  environmentBytes: 4 * KiB,
  maxTimeoutSeconds: 900,
  /** Invocations of one function in one chain of events, after which Lambda stops it: about so many. (invocation-recursion) */
  recursionHops: 16,
  /** Memory of a function. (configuration-memory) */
  minMemoryMb: 128,
  maxMemoryMb: 10_240,
  /** Event source mapping over SQS. (services-sqs-configure) */
  maxBatchSizeStandard: 10_000,
  maxBatchSizeFifo: 10,
  maxWindowSeconds: 300,
  minMaximumConcurrency: 2,
  maxMaximumConcurrency: 1_000,
  /** Event source mapping over a DynamoDB stream. (services-ddb-params) */
  maxParallelizationFactor: 10,
  maxStreamRetryAttempts: 10_000,
  minRecordAgeSeconds: 60,
  maxRecordAgeSeconds: 604_800,
  /** Filters of a mapping; five, until a higher quota is asked for. (invocation-eventfiltering) */
  maxFilters: 10,
  /** Standard mode: batches at once at the start, how many more a minute, and at most. (services-sqs-scaling) */
  startBatches: 5,
  batchesPerMinute: 300,
  maxBatches: 1_250,
  /** Provisioned mode: pollers, what each of them does at most, and how fast they grow. (with-sqs, provisioned mode) */
  pollers: {
    minMinimum: 2,
    maxMinimum: 200,
    minMaximum: 2,
    maxMaximum: 10_000,
    invocationsEach: 10,
    receivesPerSecondEach: 10,
    bytesPerSecondEach: KiB * KiB,
    invocationsPerMinute: 1_000,
  },
  /** Invocations at once in an account and region, unless the quota was raised; so many of them cannot be reserved. (lambda-concurrency) */
  accountConcurrency: 1_000,
  unreservedConcurrency: 100,
  /** Runs of one function in one chain of requests, after which Lambda takes it for a loop. (invocation-recursion) */
  loopInvocations: 16,
  /** Visibility ≥ 6 × timeout + window. (services-sqs-configure) */
  visibilityFactor: 6,
  /** Receives before the dead-letter queue, where concurrency is reserved. (services-sqs-configure) */
  minReceiveCount: 5,
} as const;

export const dynamodb = {
  /** Statements in one BatchExecuteStatement. (API_BatchExecuteStatement) */
  batchStatements: 25,
  /** Items in one BatchGetItem. (API_BatchGetItem) */
  batchGetItems: 100,
  /** Items in one BatchWriteItem. (API_BatchWriteItem) */
  batchWriteItems: 25,
  itemBytes: 400 * KiB,
  /** One TransactWriteItems: items, and bytes together. (API_TransactWriteItems) */
  transactItems: 100,
  transactBytes: 4 * KiB * KiB,
  /** A stream keeps its records for so long. (Streams) */
  streamRetentionMs: 86_400_000,
  writeUnitBytes: KiB,
  /** Write units a second: of one partition, of a new table paid by request, of a table unless the quota was raised. (on-demand-capacity-mode, ServiceQuotas) */
  partitionWritesPerSecond: 1_000,
  newTableWritesPerSecond: 4_000,
  tableWritesPerSecond: 40_000,
} as const;

export const s3 = {
  /** Keys in one answer of ListObjectsV2. (API_ListObjectsV2) */
  listedKeys: 1_000,
  /** Keys in one DeleteObjects. (API_DeleteObjects) */
  deletedKeys: 1_000,
} as const;

export const scheduler = {
  /** Input of a target. (scheduler quotas) */
  inputBytes: 256 * KiB,
  /** How often and how long a run is tried, unless the schedule says less. (API_RetryPolicy) */
  maxRetryAttempts: 185,
  minEventAgeMs: 60_000,
  maxEventAgeMs: 86_400_000,
} as const;
