import type { ProbeAnswer } from "../breaker/index.ts";
import type { DrainReport } from "./drain/drain-report.ts";

/** What Lambda hands to a function behind an SQS event source mapping: the parts that the pipeline reads. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: SqsSystemAttributes;
  readonly messageAttributes?: Readonly<Record<string, SqsAttribute>>;
  readonly eventSourceARN: string;
}

/** What SQS says of a message: the part that is read here. */
export interface SqsSystemAttributes {
  readonly ApproximateReceiveCount: string;
  /** Milliseconds since the Unix epoch. */
  readonly ApproximateFirstReceiveTimestamp: string;
  /** On FIFO queues, and on fair ones. */
  readonly MessageGroupId?: string | undefined;
}

/** A message attribute as the record carries it: binary values in base64. */
export interface SqsAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  readonly binaryValue?: string | undefined;
}

/** The answer: the messages that are to come again. All others are deleted by Lambda. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
  /** To a governor that has let the batch through, or has asked nothing but this. */
  readonly probe?: ProbeAnswer;
  /** To the schedule that has it drain its queue. */
  readonly drain?: DrainReport;
}

/** The part of Lambda's context that the pipeline needs. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
