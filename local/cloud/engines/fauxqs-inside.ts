import type { QueueCounts } from "../endpoint/queue-counts.ts";

/** The exports of one of fauxqs's files. */
export type Loaded = Readonly<Record<string, (...given: unknown[]) => unknown>>;

/** Loads one of fauxqs's files by its path below `dist`. */
export type Load = (file: string) => Promise<Loaded>;

export interface FauxqsAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface FauxqsMessage {
  readonly messageId: string;
  readonly sentTimestamp: number;
  approximateReceiveCount: number;
  sequenceNumber?: string;
}

/** A queue of fauxqs: what the endpoint uses of it. */
export interface FauxqsQueue {
  readonly name: string;
  url: string;
  readonly arn: string;
  readonly attributes: Record<string, string>;
  readonly inflightMessages: ReadonlyMap<string, { readonly message: FauxqsMessage }>;
  persistence?: unknown;
  isFifo(): boolean;
  getAttribute(name: string): string | undefined;
  enqueue(message: FauxqsMessage): void;
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void;
  /** All that it holds, left as it is. */
  inspectMessages(): {
    readonly ready: readonly FauxqsMessage[];
    readonly delayed: readonly FauxqsMessage[];
    readonly inflight: readonly { readonly message: FauxqsMessage }[];
  };
  checkDeduplication(id: string): { readonly isDuplicate: boolean };
  recordDeduplication(id: string, messageId: string, sequenceNumber?: string): void;
  nextSequenceNumber(): string;
}

export interface FauxqsQueues {
  host: string;
  region: string;
  persistence?: unknown;
  readonly queues: Map<string, FauxqsQueue>;
  getQueue(url: string): FauxqsQueue | undefined;
  getQueueByArn(arn: string): FauxqsQueue | undefined;
  processAllTimers(): void;
  shutdown(): void;
}

export interface FauxqsSubscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  readonly attributes: Record<string, string>;
  parsedFilterPolicy?: Record<string, unknown>;
}

export interface FauxqsTopics {
  region: string;
  persistence?: unknown;
  getTopic(arn: string):
    | {
        readonly name: string;
        readonly attributes: Record<string, string>;
        readonly subscriptionArns: readonly string[];
      }
    | undefined;
  getSubscription(arn: string): FauxqsSubscription | undefined;
}

/** What an action of S3 reads of a request. */
export interface ObjectRequest {
  readonly params: { readonly bucket: string; readonly "*": string };
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What it answers. */
export interface ObjectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** An object as fauxqs keeps it; with a data folder its bytes lie there, and are read when asked for. */
export interface StoredObject {
  readonly key: string;
  readonly contentLength: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** fauxqs's objects: what the endpoint uses of them. */
export interface FauxqsObjects {
  persistence?: unknown;
  /** Buckets by name, their objects by key. */
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, StoredObject>>;
}

export type ObjectAction =
  | "abortMultipartUpload"
  | "completeMultipartUpload"
  | "createBucket"
  | "createMultipartUpload"
  | "deleteBucket"
  | "deleteBucketLifecycleConfiguration"
  | "deleteObject"
  | "deleteObjects"
  | "getBucketLifecycleConfiguration"
  | "getObject"
  | "getObjectAttributes"
  | "headBucket"
  | "headObject"
  | "listBuckets"
  | "postObject"
  | "putBucketLifecycleConfiguration"
  | "putObject"
  | "uploadPart";

/** S3's actions. They are synchronous: what is asked before one still holds when it acts. Throw what has a `toXml`. */
export type ObjectActions = (name: ObjectAction, request: ObjectRequest) => ObjectAnswer;

/** fauxqs without its web server: the stores, and one function an action. */
export interface Fauxqs {
  readonly queues: FauxqsQueues;
  readonly topics: FauxqsTopics;
  /** What came and went lately. */
  readonly counts: QueueCounts;
  /** `SendMessage` and so on: the request's JSON in, the answer's JSON out; throws an error with a `toJSON`. */
  readonly sqsActions: ReadonlyMap<string, (body: unknown, request: ActionRequest) => unknown>;
  /** `CreateTopic` and so on: the form's fields in, XML out; throws an error with `code` and `statusCode`. */
  readonly snsActions: ReadonlyMap<string, (form: Record<string, string>, request: ActionRequest) => string>;
  createMessage(
    body: string,
    attributes: Readonly<Record<string, FauxqsAttribute>>,
    delaySeconds?: number,
    groupId?: string,
    deduplicationId?: string,
  ): FauxqsMessage;
  /** Runs `work` so that every message made meanwhile carries `groupId`. Synchronous on purpose. */
  withGroup<T>(groupId: string | undefined, work: () => T): T;
  /**
   * Runs `work`, and has what it changes in queues and topics written down in one piece, where there is a data folder.
   * Synchronous on purpose: what an action does once it has waited is not part of it. Not for objects.
   */
  together<T>(work: () => T): T;
  matchesAttributes(
    policy: Record<string, unknown>,
    attributes: Readonly<Record<string, FauxqsAttribute>>,
  ): boolean;
  matchesBody(policy: Record<string, unknown>, body: string): boolean;
  readonly objects: FauxqsObjects;
  readonly objectActions: ObjectActions;
  close(): Promise<void>;
}

/** What an action reads of the request beside its body. */
export interface ActionRequest {
  readonly headers: { readonly host: string; readonly authorization?: string };
}
