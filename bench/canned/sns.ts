import { serve } from "./serve.ts";

/** What was asked of SNS since the last reset. */
export interface TopicCounts {
  readonly requests: number;
  readonly messages: number;
}

/** SNS's query protocol as far as publishers need it, in a process of its own: takes everything, counts it. */
let requests = 0;
let messages = 0;
const account = "000000000000";
const messageId = "94f20ce6-13c5-43a0-9a9e-ca52d816e90b";
const entryId = /^PublishBatchRequestEntries\.member\.\d+\.Id$/;

const answers: Readonly<Record<string, (form: URLSearchParams) => string>> = {
  Publish: () => {
    messages += 1;
    return `<MessageId>${messageId}</MessageId>`;
  },
  PublishBatch: (form) => {
    const taken = [...form].filter(([name]) => entryId.test(name)).map(([, id]) => id);
    messages += taken.length;
    const members = taken.map((id) => `<member><Id>${id}</Id><MessageId>${messageId}</MessageId></member>`);
    return `<Successful>${members.join("")}</Successful><Failed></Failed>`;
  },
  GetTopicAttributes: (form) =>
    `<Attributes><entry><key>TopicArn</key><value>${form.get("TopicArn")}</value></entry></Attributes>`,
  GetCallerIdentity: () => `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/bench</Arn>`,
};

serve({
  answer(_headers, body) {
    const form = new URLSearchParams(body);
    const action = form.get("Action") ?? "";
    const make = answers[action];
    if (!make) throw new Error(`an action that the canned topic does not know: ${action}`);
    requests += 1;
    const result = `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${make(form)}</${action}Result><ResponseMetadata><RequestId>bench</RequestId></ResponseMetadata></${action}Response>`;
    return { status: 200, type: "text/xml", body: result };
  },
  reset() {
    requests = 0;
    messages = 0;
  },
  counts: (): TopicCounts => ({ requests, messages }),
});
