import type { IncomingMessage, ServerResponse } from "node:http";
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
  matchesAttributes(
    policy: Record<string, unknown>,
    attributes: Readonly<Record<string, FauxqsAttribute>>,
  ): boolean;
  matchesBody(policy: Record<string, unknown>, body: string): boolean;
  /** S3, through the web framework; loaded with the first request, since it takes a third of a second. */
  s3(request: IncomingMessage, response: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/** What an action reads of the request beside its body. */
export interface ActionRequest {
  readonly headers: { readonly host: string; readonly authorization?: string };
}
