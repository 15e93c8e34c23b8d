import type { InputOf } from "../../src/contract/index.ts";
import { topicArn } from "../../src/names.ts";
import { bus, consumers } from "./consumers.ts";
import { orderCreated } from "./contracts.ts";

/** Where the drill's cloud can be reached. */
export interface Reachable {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
}

/** Three lines to paste into a shell, each with all it needs: they touch this machine's endpoint and nothing else. */
export function tryNext(
  { endpoint, region, account }: Reachable,
  nowMs: number,
): { title: string; line: string }[] {
  // By option and not by AWS_ENDPOINT_URL: version 1 of the AWS CLI does not heed that for SQS.
  const aws = `AWS_DEFAULT_REGION=${region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url ${endpoint}`;
  const id = `by-hand-${nowMs}`;
  const event = JSON.stringify({
    specversion: "1.0",
    id,
    source: "//by-hand",
    type: orderCreated.type,
    time: new Date(nowMs).toISOString(),
    datacontenttype: "application/json",
    dataschema: orderCreated.dataschema,
    correlationid: id,
    data: { orderId: id, customer: "00001", date: "1997-01-01", cds: 1, cents: 1177 } satisfies InputOf<
      typeof orderCreated
    >,
  });
  const attributes = JSON.stringify({ type: { DataType: "String", StringValue: orderCreated.type } });
  const topic = topicArn({ bus, topic: orderCreated.topic, region, account });
  const dead = consumers[0]?.deadLetterQueueName ?? "";
  return [
    {
      title: "publish an order by hand, and watch it being handled here",
      line: `${aws} sns publish --topic-arn ${topic} --message '${event}' --message-attributes '${attributes}'`,
    },
    {
      title: "look at the dead letters of Points (run with --poison 1% to have some)",
      line: `${aws} sqs receive-message --queue-url ${endpoint}/${account}/${dead} --message-attribute-names All --visibility-timeout 0`,
    },
    {
      title: "kill handler processes at random moments, and see every total still agree",
      line: "npm start -- --chaos --duplicates 5% --poison 1% --once --port 0",
    },
  ];
}
