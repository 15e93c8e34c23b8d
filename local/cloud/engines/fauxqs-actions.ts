import type { ActionRequest, Fauxqs, FauxqsQueues, FauxqsTopics, Load } from "./fauxqs-inside.ts";

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

/** SQS's actions, each a file of its own. */
export async function loadSqs(load: Load, queues: FauxqsQueues): Promise<Fauxqs["sqsActions"]> {
  const loaded = await Promise.all(
    sqsActionNames.map(async (name) => {
      const run = (await load(`sqs/actions/${lowerFirst(name)}.js`))[lowerFirst(name)];
      return [name, (body: unknown, request: ActionRequest) => run?.(body, queues, request)] as const;
    }),
  );
  return new Map(loaded);
}

/** SNS's actions but publishing, which is ours. */
export async function loadSns(
  load: Load,
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

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
