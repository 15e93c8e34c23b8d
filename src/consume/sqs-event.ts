/** What Lambda hands to a function behind an SQS event source mapping: the parts that the pipeline reads. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly messageAttributes?: Readonly<Record<string, SqsAttribute>>;
  readonly eventSourceARN: string;
}

/** A message attribute as the record carries it: binary values in base64. */
export interface SqsAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
}

/** The answer: the messages that are to come again. All others are deleted by Lambda. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The part of Lambda's context that the pipeline needs. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
