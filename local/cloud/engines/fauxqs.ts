import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { LocalCloudError } from "../local-cloud-error.ts";

/** The release whose inside `openFauxqs` knows. Its public door has no way to add the rules that it lacks. */
export const fauxqsVersion = "2.4.1";

export interface FauxqsAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface FauxqsMessage {
  readonly messageId: string;
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

type Loaded = Record<string, (...given: unknown[]) => unknown>;

/** What we take out of fauxqs's files. */
interface Inside {
  readonly SqsStore: (new () => FauxqsQueues) & { createMessage: Fauxqs["createMessage"] };
  readonly SnsStore: new () => FauxqsTopics;
  readonly S3Store: new () => { persistence?: unknown };
  readonly matchesFilterPolicy: Fauxqs["matchesAttributes"];
  readonly matchesFilterPolicyOnBody: Fauxqs["matchesBody"];
}

const sqsActionNames = [
  "CreateQueue",
  "DeleteQueue",
  "GetQueueUrl",
  "ListQueues",
  "GetQueueAttributes",
  "SetQueueAttributes",
  "PurgeQueue",
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "SendMessageBatch",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
  "TagQueue",
  "UntagQueue",
  "ListQueueTags",
] as const;

/** Actions of SNS by the file that holds them. */
const snsActionFiles: Readonly<Record<string, readonly string[]>> = {
  createTopic: ["CreateTopic"],
  deleteTopic: ["DeleteTopic"],
  listTopics: ["ListTopics"],
  getTopicAttributes: ["GetTopicAttributes"],
  setTopicAttributes: ["SetTopicAttributes"],
  subscribe: ["Subscribe"],
  unsubscribe: ["Unsubscribe"],
  confirmSubscription: ["ConfirmSubscription"],
  listSubscriptions: ["ListSubscriptions", "ListSubscriptionsByTopic"],
  getSubscriptionAttributes: ["GetSubscriptionAttributes"],
  setSubscriptionAttributes: ["SetSubscriptionAttributes"],
  tagResource: ["TagResource", "UntagResource", "ListTagsForResource"],
};

/**
 * Opens fauxqs in this process. `dataDir` keeps its state in a file there; without it all is in memory.
 * Throws `LocalCloudError` when another release than `fauxqsVersion` is installed.
 */
export async function openFauxqs({
  region,
  address,
  dataDir,
}: {
  region: string;
  /** `http://host:port`: what queue URLs begin with. */
  address: string;
  dataDir?: string;
}): Promise<Fauxqs> {
  const base = import.meta.resolve("fauxqs");
  checkVersion(base);
  const load = async (file: string): Promise<Loaded> => (await import(new URL(file, base).href)) as Loaded;
  const { SqsStore, SnsStore, S3Store, matchesFilterPolicy, matchesFilterPolicyOnBody } = Object.assign(
    {},
    ...(await Promise.all(
      ["sqs/sqsStore.js", "sns/snsStore.js", "s3/s3Store.js", "sns/filter.js"].map(load),
    )),
  ) as Inside;
  const queues = new SqsStore();
  const topics = new SnsStore();
  const objects = new S3Store();
  // An empty host makes a queue's URL begin with the request's own: "sqs.<region>.localhost" resolves nowhere.
  queues.host = "";
  queues.region = region;
  topics.region = region;
  const close =
    dataDir === undefined ? undefined : await persist({ dataDir, load, queues, topics, objects, address });

  const createMessage = SqsStore.createMessage;
  let group: string | undefined;
  SqsStore.createMessage = (body, attributes, delaySeconds, groupId, deduplicationId) =>
    createMessage(body, attributes, delaySeconds, groupId ?? group, deduplicationId);

  let s3: Promise<(request: IncomingMessage, response: ServerResponse) => void> | undefined;
  const openS3 = async () => {
    const { buildApp } = await import("fauxqs");
    const stores = { sqsStore: queues, snsStore: topics, s3Store: objects };
    const app = buildApp({ logger: false, stores: stores as never });
    await app.ready();
    return (request: IncomingMessage, response: ServerResponse) => app.routing(request, response);
  };

  return {
    queues,
    topics,
    sqsActions: await loadSqs(load, queues),
    snsActions: await loadSns(load, topics, queues),
    createMessage,
    withGroup(groupId, work) {
      group = groupId;
      try {
        return work();
      } finally {
        group = undefined;
      }
    },
    matchesAttributes: matchesFilterPolicy,
    matchesBody: matchesFilterPolicyOnBody,
    async s3(request, response) {
      s3 ??= openS3();
      (await s3)(request, response);
    },
    async close() {
      queues.shutdown();
      close?.();
    },
  };
}

async function loadSqs(
  load: (file: string) => Promise<Loaded>,
  queues: FauxqsQueues,
): Promise<Fauxqs["sqsActions"]> {
  const loaded = await Promise.all(
    sqsActionNames.map(async (name) => {
      const run = (await load(`sqs/actions/${lowerFirst(name)}.js`))[lowerFirst(name)];
      return [name, (body: unknown, request: ActionRequest) => run?.(body, queues, request)] as const;
    }),
  );
  return new Map(loaded);
}

async function loadSns(
  load: (file: string) => Promise<Loaded>,
  topics: FauxqsTopics,
  queues: FauxqsQueues,
): Promise<Fauxqs["snsActions"]> {
  const loaded = await Promise.all(
    Object.entries(snsActionFiles).map(async ([file, names]) => {
      const functions = await load(`sns/actions/${file}.js`);
      return names.map((name) => {
        const run = functions[lowerFirst(name)];
        return [
          name,
          (form: Record<string, string>, request: ActionRequest) =>
            run?.(form, topics, queues, request) as string,
        ] as const;
      });
    }),
  );
  return new Map(loaded.flat());
}

/** Loads what was kept, then keeps what changes. Queue URLs get today's address: the port may be another. */
async function persist({
  dataDir,
  load,
  queues,
  topics,
  objects,
  address,
}: {
  dataDir: string;
  load: (file: string) => Promise<Loaded>;
  queues: FauxqsQueues;
  topics: FauxqsTopics;
  objects: { persistence?: unknown };
  address: string;
}): Promise<() => void> {
  const { PersistenceManager } = (await load("persistence.js")) as unknown as {
    PersistenceManager: new (
      dir: string,
    ) => {
      load(queues: unknown, topics: unknown, objects: unknown): void;
      close(): void;
    };
  };
  const kept = new PersistenceManager(dataDir);
  kept.load(queues, topics, objects);
  for (const queue of [...queues.queues.values()]) {
    queues.queues.delete(queue.url);
    queue.url = `${address}${new URL(queue.url).pathname}`;
    queues.queues.set(queue.url, queue);
    queue.persistence = kept;
  }
  queues.persistence = kept;
  topics.persistence = kept;
  objects.persistence = kept;
  return () => kept.close();
}

function checkVersion(base: string): void {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", base), "utf8")) as {
    version: string;
  };
  if (version === fauxqsVersion) return;
  throw new LocalCloudError(
    "fauxqs-version",
    `fauxqs ${version} is installed; the local cloud works inside ${fauxqsVersion} and no other: npm install --save-dev --save-exact fauxqs@${fauxqsVersion}`,
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
