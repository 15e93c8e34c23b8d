import { describe, expect, it } from "@jest/globals";
import { readAnswer } from "../../local/mapping/answer.ts";
import type { InvokeResult, QueueMessage } from "../../local/mapping/index.ts";

const message = (messageId: string): QueueMessage => ({
  messageId,
  receiptHandle: `handle-${messageId}`,
  body: "{}",
  md5OfBody: "",
  attributes: {},
  messageAttributes: {},
});
const batch = [message("a"), message("b"), message("c")];
const answered = (payload: string): InvokeResult => ({ status: "ok", payload });
const idOf = ({ messageId }: QueueMessage) => messageId;
const failedOf = (result: InvokeResult, report = true) =>
  readAnswer(result, batch, idOf, report).failed.map(({ messageId }) => messageId);

describe("readAnswer", () => {
  it("fails the named messages and deletes all others", () => {
    const outcome = readAnswer(answered('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), batch, idOf, true);

    expect(outcome.failed.map(({ messageId }) => messageId)).toEqual(["b"]);
    expect(outcome.done.map(({ messageId }) => messageId)).toEqual(["a", "c"]);
  });

  it.each(["", "null", "{}", '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
    "deletes everything when the answer is %j",
    (payload) => {
      expect(failedOf(answered(payload))).toEqual([]);
    },
  );

  it.each([
    "not JSON",
    '"done"',
    "[]",
    '{"batchItemFailures":"b"}',
    '{"batchItemFailures":[null]}',
    '{"batchItemFailures":["b"]}',
    '{"batchItemFailures":[{}]}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"itemidentifier":"b"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"unknown"}]}',
  ])("fails the whole batch when the answer is %s", (payload) => {
    const outcome = readAnswer(answered(payload), batch, idOf, true);

    expect(outcome.failed).toEqual(batch);
    expect(outcome.reason).toBeDefined();
  });

  it("fails the whole batch when the function failed or was throttled", () => {
    expect(failedOf({ status: "error", kind: "thrown", payload: "{}" })).toHaveLength(3);
    expect(failedOf({ status: "throttled" })).toHaveLength(3);
  });

  it("reads no answer at all when partial answers are off", () => {
    expect(failedOf(answered('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), false)).toEqual([]);
    expect(failedOf(answered("not JSON"), false)).toEqual([]);
    expect(failedOf({ status: "error", kind: "timeout", payload: "{}" }, false)).toHaveLength(3);
  });
});
