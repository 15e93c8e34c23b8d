import { describe, expect, it } from "@jest/globals";
import { deadLetterReason } from "../../ops/index.ts";

const note = (text: string) => ({
  MessageAttributes: { omnibus: { DataType: "String", StringValue: text } },
});

describe("deadLetterReason", () => {
  it("reads what the consumer wrote down", () => {
    expect(deadLetterReason(note('{"v":1,"consumer":"Points","reason":"bad-json"}'))).toBe("bad-json");
  });

  it("says receive-backstop where SQS itself moved the message", () => {
    expect(deadLetterReason({})).toBe("receive-backstop");
    expect(deadLetterReason(note('{"replayId":"r-1"}'))).toBe("receive-backstop");
  });

  it("does not believe a note of an earlier death on a message that SQS moved", () => {
    const moved = { ...note('{"reason":"permanent"}'), Attributes: { DeadLetterQueueSourceArn: "arn" } };

    expect(deadLetterReason(moved)).toBe("receive-backstop");
  });

  it.each(["{", "null", "{}", '{"reason":5}', '{"reason":""}'])("says unreadable to %j", (text) => {
    expect(deadLetterReason(note(text))).toBe("unreadable");
  });
});
