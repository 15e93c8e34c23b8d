import type { ServerResponse } from "node:http";
import type { ActionRequest } from "../engines/fauxqs-inside.ts";
import { answerXml, errorXml } from "./answer.ts";
import { type PublishPorts, publish, publishBatch, SnsRefusal } from "./publish.ts";

/** SNS: publishing is ours (see `fanOut`), the rest is fauxqs's. */
export function createSns(ports: PublishPorts, host: string) {
  const { fauxqs } = ports;
  const actionRequest: ActionRequest = { headers: { host } };

  const run = (given: Record<string, string>): string => {
    const form = withLocalArns(given, fauxqs.topics.region);
    const { Action: action = "" } = form;
    if (action === "Publish") return publish(ports, form);
    if (action === "PublishBatch") return publishBatch(ports, form);
    const perform = fauxqs.snsActions.get(action);
    if (perform === undefined) {
      throw new SnsRefusal(
        "InvalidAction",
        `SNS action ${JSON.stringify(action)} is not part of the local cloud`,
      );
    }
    return perform(form, actionRequest);
  };

  return (form: Record<string, string>, response: ServerResponse): void => {
    try {
      answerXml(
        response,
        200,
        fauxqs.together(() => run(form)),
      );
    } catch (thrown) {
      const {
        code = "InternalFailure",
        statusCode = 500,
        message,
      } = thrown as Error & {
        code?: string;
        statusCode?: number;
      };
      answerXml(response, statusCode, errorXml(code, message));
    }
  };
}

const arnFields = ["TopicArn", "TargetArn", "SubscriptionArn", "ResourceArn", "Endpoint"];

/** There is one region here: an ARN that was made from another one, as by a publisher's own settings, means it as well. */
function withLocalArns(form: Record<string, string>, region: string): Record<string, string> {
  for (const field of arnFields) {
    const [arn, , service, from, ...rest] = form[field]?.split(":") ?? [];
    if (arn !== "arn" || from === region) continue;
    form[field] = [arn, "aws", service, region, ...rest].join(":");
  }
  // Either names the topic to publish to. (API_Publish)
  if (form.TopicArn === undefined && form.TargetArn !== undefined) form.TopicArn = form.TargetArn;
  return form;
}
