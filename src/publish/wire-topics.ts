import type { WireMessage } from "../contract/index.ts";
import type { WireTarget } from "../env.ts";
import { type WireClient, WireError, wireClient } from "../wire/index.ts";
import type { SendResult, TopicPort } from "./ports.ts";
import { entryFailure, unanswered } from "./send-failure.ts";
import { readElements, readText } from "./sns-xml.ts";

const headers = { "content-type": "application/x-www-form-urlencoded" };

/**
 * Topics of SNS over signed HTTP, without the AWS SDK: it makes and reads the one call that a busy publisher makes,
 * PublishBatch. One try a call: the publisher retries. (API_PublishBatch, query protocol)
 */
export function wireTopics(target: WireTarget): TopicPort {
  let client: WireClient | undefined;
  return {
    async publishBatch(topicArn, messages) {
      client ??= wireClient({ service: "sns", target, maxAttempts: 1, errorOf });
      const { body } = await client({ headers, body: formOf(topicArn, messages) });
      return readAnswer(body, messages.length);
    },
  };
}

function formOf(topicArn: string, messages: readonly WireMessage[]): string {
  let form = `Action=PublishBatch&Version=2010-03-31&TopicArn=${encodeURIComponent(topicArn)}`;
  messages.forEach(({ body, attributes, groupId, deduplicationId }, index) => {
    const entry = `&PublishBatchRequestEntries.member.${index + 1}`;
    form += `${entry}.Id=${index}${entry}.Message=${encodeURIComponent(body)}`;
    if (groupId !== undefined) form += `${entry}.MessageGroupId=${encodeURIComponent(groupId)}`;
    if (deduplicationId !== undefined)
      form += `${entry}.MessageDeduplicationId=${encodeURIComponent(deduplicationId)}`;
    let at = 0;
    for (const name in attributes) {
      const value = attributes[name];
      const attribute = `${entry}.MessageAttributes.entry.${++at}`;
      form += `${attribute}.Name=${encodeURIComponent(name)}${attribute}.Value.DataType=${typeof value === "number" ? "Number" : "String"}${attribute}.Value.StringValue=${encodeURIComponent(String(value))}`;
    }
  });
  return form;
}

function readAnswer(xml: string, count: number): readonly SendResult[] {
  const results: SendResult[] = Array.from({ length: count }, () => unanswered);
  for (const member of readElements(xml, "Successful")) {
    results[Number(readText(member, "Id"))] = { ok: true, messageId: readText(member, "MessageId") };
  }
  for (const member of readElements(xml, "Failed")) {
    results[Number(readText(member, "Id"))] = entryFailure({
      code: readText(member, "Code"),
      message: readText(member, "Message"),
      senderFault: readText(member, "SenderFault") === "true",
    });
  }
  return results;
}

/** `<ErrorResponse><Error><Code>NotFound</Code><Message>…` */
function errorOf(xml: string, status: number): WireError {
  return new WireError(readText(xml, "Code") || `Status${status}`, readText(xml, "Message"), status);
}
