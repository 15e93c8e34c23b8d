/**
 * List prices of us-east-1 in US dollars, without free tiers and discounts: each stands here once, with the page that
 * gives it. Other regions cost up to a third more; the shares stay much the same.
 */
export const prices = {
  /** (aws.amazon.com/sns/pricing) A request carries up to 64 KB. No charge for deliveries to SQS from standard topics. */
  sns: {
    requestBytes: 64 * 1024,
    perMillionRequests: 0.5,
    fifo: {
      perMillionPublished: 0.3,
      perGbPublished: 0.017,
      perMillionDelivered: 0.01,
      perGbDelivered: 0.001,
    },
  },
  /** (aws.amazon.com/sqs/pricing) A request carries up to 64 KB. */
  sqs: { requestBytes: 64 * 1024, perMillionRequests: 0.4, perMillionFifoRequests: 0.5 },
  /** (aws.amazon.com/lambda/pricing) On arm64. */
  lambda: { perMillionInvocations: 0.2, perGbSecond: 0.0000133334 },
  /** (aws.amazon.com/dynamodb/pricing/on-demand) Paid by request; backups are point-in-time recovery. */
  dynamodb: {
    perMillionWriteUnits: 0.625,
    perMillionReadUnits: 0.125,
    perGbMonth: 0.25,
    backupPerGbMonth: 0.2,
  },
  /** (aws.amazon.com/s3/pricing) Standard storage. */
  s3: { perThousandPuts: 0.005, perGbMonth: 0.023 },
  /** (aws.amazon.com/cloudwatch/pricing) */
  cloudwatch: { perGbLogs: 0.5, perMetricMonth: 0.3 },
  /** (aws.amazon.com/eventbridge/pricing) An event is counted by 64 KB. No charge for targets in the same account. */
  eventbridge: { eventBytes: 64 * 1024, perMillionEvents: 1, perGbArchived: 0.1, perGbMonth: 0.023 },
  /** (aws.amazon.com/eventbridge/pricing, Scheduler) */
  scheduler: { perMillionInvocations: 1 },
} as const;

/** What a month is, to a bill: 730 hours. */
export const monthSeconds = 730 * 3_600;
