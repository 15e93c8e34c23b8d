import type { IncomingMessage, ServerResponse } from "node:http";
import type { ActionRequest, Fauxqs } from "../engines/fauxqs-inside.ts";
import { answerJson } from "./answer.ts";
import { readBody } from "./body.ts";

interface ReceiveAnswer {
  readonly Messages?: readonly { readonly ReceiptHandle: string }[];
}

interface BatchEntry {
  readonly Id: string;
  readonly MessageGroupId?: string;
}

interface BatchAnswer {
  readonly Successful: unknown[];
  readonly Failed: unknown[];
}

/**
 * SQS: fauxqs's actions, with two rules added. A standard queue keeps `MessageGroupId` (fair queues), and what was
 * received for a client that has gone meanwhile becomes visible again at once, as if never received.
 */
export function createSqs(fauxqs: Fauxqs, host: string) {
  const actionRequest: ActionRequest = { headers: { host } };

  const run = (action: string, body: Record<string, unknown>): unknown => {
    const perform = fauxqs.sqsActions.get(action);
    if (perform === undefined) {
      throw new NotHere(`SQS action ${JSON.stringify(action)} is not part of the local cloud`);
    }
    const isStandard = () => fauxqs.queues.getQueue(String(body.QueueUrl))?.isFifo() === false;
    if (action === "SendMessage" && typeof body.MessageGroupId === "string" && isStandard()) {
      return fauxqs.withGroup(body.MessageGroupId, () => perform(body, actionRequest));
    }
    if (action === "SendMessageBatch" && hasGroups(body.Entries) && isStandard()) {
      return sendGrouped(body, body.Entries, (part) => perform(part, actionRequest), fauxqs);
    }
    return perform(body, actionRequest);
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (!target.startsWith("AmazonSQS.")) {
      answerJson(response, 400, {
        __type: "com.amazonaws.sqs#InvalidAction",
        message:
          "the local cloud speaks SQS's JSON protocol alone: use an SDK released since November 2023 (X-Amz-Target is missing)",
      });
      return;
    }
    const action = target.slice("AmazonSQS.".length);
    try {
      const body = JSON.parse(await readBody(request)) as Record<string, unknown>;
      const result = await fauxqs.together(() => run(action, body));
      count(fauxqs, action, body, result);
      if (action === "ReceiveMessage" && response.destroyed) {
        fauxqs.together(() => putBack(fauxqs, String(body.QueueUrl), result as ReceiveAnswer));
        return;
      }
      answerJson(response, 200, result);
    } catch (thrown) {
      answerError(response, thrown);
    }
  };
}

function hasGroups(entries: unknown): entries is readonly BatchEntry[] {
  return Array.isArray(entries) && entries.some((entry: BatchEntry) => entry.MessageGroupId !== undefined);
}

/** One entry at a time, so that each message gets its own group; the batch's own rules are asked first. */
function sendGrouped(
  body: Record<string, unknown>,
  entries: readonly BatchEntry[],
  perform: (body: unknown) => unknown,
  fauxqs: Fauxqs,
): BatchAnswer {
  const distinct = new Set(entries.map(({ Id }) => Id)).size === entries.length;
  if (entries.length > 10 || !distinct || Buffer.byteLength(JSON.stringify(entries)) > 1_048_576) {
    return perform(body) as BatchAnswer;
  }
  const answer: BatchAnswer = { Successful: [], Failed: [] };
  for (const entry of entries) {
    const part = fauxqs.withGroup(entry.MessageGroupId, () =>
      perform({ ...body, Entries: [entry] }),
    ) as BatchAnswer;
    answer.Successful.push(...part.Successful);
    answer.Failed.push(...part.Failed);
  }
  return answer;
}

/** What came and went, for CloudWatch's metrics. A queue that is not there has been refused before. */
function count(fauxqs: Fauxqs, action: string, body: Record<string, unknown>, result: unknown): void {
  const isSend = action.startsWith("SendMessage");
  if (!isSend && !action.startsWith("DeleteMessage")) return;
  const queue = fauxqs.queues.getQueue(String(body.QueueUrl));
  if (queue === undefined) return;
  const messages = action.endsWith("Batch") ? (result as BatchAnswer).Successful.length : 1;
  fauxqs.counts[isSend ? "sent" : "deleted"](queue.name, messages);
}

function putBack(fauxqs: Fauxqs, queueUrl: string, { Messages = [] }: ReceiveAnswer): void {
  const queue = fauxqs.queues.getQueue(queueUrl);
  for (const { ReceiptHandle } of Messages) {
    const entry = queue?.inflightMessages.get(ReceiptHandle);
    if (entry !== undefined) entry.message.approximateReceiveCount--;
    queue?.changeVisibility(ReceiptHandle, 0);
  }
}

class NotHere extends Error {}

function answerError(response: ServerResponse, thrown: unknown): void {
  const { statusCode = 400, queryErrorHeader } = thrown as { statusCode?: number; queryErrorHeader?: string };
  if (typeof (thrown as { toJSON?: unknown }).toJSON === "function") {
    const headers = queryErrorHeader === undefined ? {} : { "x-amzn-query-error": queryErrorHeader };
    answerJson(response, statusCode, thrown, headers);
    return;
  }
  const code =
    thrown instanceof NotHere
      ? "UnsupportedOperation"
      : thrown instanceof SyntaxError
        ? "MalformedQueryString"
        : "InternalError";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  answerJson(response, code === "InternalError" ? 500 : 400, {
    __type: `com.amazonaws.sqs#${code}`,
    message,
  });
}
