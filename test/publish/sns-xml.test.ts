import { describe, expect, it } from "@jest/globals";
import { readElements, readText } from "../../src/publish/sns-xml.ts";

const answer = `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed><member><Id>1</Id><Code>InvalidParameter</Code><Message>a &lt;b&gt; &amp; &#39;c&#39; &#x1F600;</Message><SenderFault>true</SenderFault></member></Failed><Successful><member><Id>0</Id><MessageId>m-0</MessageId></member><member><MessageId>m-2</MessageId><Id>2</Id></member></Successful></PublishBatchResult></PublishBatchResponse>`;

describe("readElements", () => {
  it("gives the members of each list, in any order of their fields", () => {
    const taken = readElements(answer, "Successful");

    expect(taken.map((member) => [readText(member, "Id"), readText(member, "MessageId")])).toEqual([
      ["0", "m-0"],
      ["2", "m-2"],
    ]);
    expect(readElements(answer, "Failed")).toHaveLength(1);
    expect(readElements("<PublishBatchResult><Failed/></PublishBatchResult>", "Failed")).toEqual([]);
  });
});

describe("readText", () => {
  it("undoes what XML must escape", () => {
    expect(readText(answer, "Message")).toBe("a <b> & 'c' 😀");
    expect(readText(answer, "Absent")).toBe("");
  });
});
