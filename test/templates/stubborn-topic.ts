import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What becomes of one PublishBatch: which entries fail, and how; or no answer at all. */
export type Answer =
  | { readonly failed: readonly string[]; readonly senderFault: boolean }
  | { readonly dropped: true };

/** An SNS endpoint that answers as it is told, call by call; then all is taken. */
export interface StubbornTopic {
  readonly endpoint: string;
  /** The messages of each call, in order. */
  readonly calls: readonly (readonly {
    readonly id: string;
    readonly body: string;
    readonly type: string;
  }[])[];
  close(): void;
}

/** Starts it on a free port of this machine. */
export async function startStubbornTopic(answers: readonly Answer[]): Promise<StubbornTopic> {
  const calls: { id: string; body: string; type: string }[][] = [];
  const server = createServer(async (request, response) => {
    const entries = entriesOf(new URLSearchParams(await text(request)));
    const answer = answers[calls.length] ?? { failed: [], senderFault: false };
    calls.push(entries);
    if ("dropped" in answer) return request.socket.destroy();
    const ids = entries.map(({ id }) => id);
    response.setHeader("content-type", "text/xml").end(publishBatchResponse(ids, answer));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function entriesOf(form: URLSearchParams) {
  const entries = [];
  for (let at = 1; ; at++) {
    const field = (name: string) => form.get(`PublishBatchRequestEntries.member.${at}.${name}`);
    const id = field("Id");
    if (id === null) return entries;
    const typed = field("MessageAttributes.entry.1.Name") === "type";
    const type = typed ? field("MessageAttributes.entry.1.Value.StringValue") : null;
    entries.push({ id, body: field("Message") ?? "", type: type ?? "" });
  }
}

/** (API_PublishBatch) */
function publishBatchResponse(
  ids: readonly string[],
  { failed, senderFault }: Extract<Answer, { failed: unknown }>,
): string {
  const taken = ids.filter((id) => !failed.includes(id));
  const successful = taken.map((id) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`);
  const refused = ids
    .filter((id) => failed.includes(id))
    .map(
      (id) =>
        `<member><Id>${id}</Id><Code>InternalError</Code><Message>not now</Message><SenderFault>${senderFault}</SenderFault></member>`,
    );
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>${successful.join("")}</Successful><Failed>${refused.join("")}</Failed></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>`;
}
