import type { ServerResponse } from "node:http";
import type { ActionRequest, Fauxqs } from "../engines/fauxqs-inside.ts";
import { answerXml, errorXml } from "./answer.ts";
import { publish, publishBatch, SnsRefusal } from "./publish.ts";

/** SNS: publishing is ours (see `fanOut`), the rest is fauxqs's. */
export function createSns(fauxqs: Fauxqs, host: string) {
  const actionRequest: ActionRequest = { headers: { host } };

  const run = (form: Record<string, string>): string => {
    const { Action: action = "" } = form;
    if (action === "Publish") return publish(fauxqs, form);
    if (action === "PublishBatch") return publishBatch(fauxqs, form);
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
      answerXml(response, 200, run(form));
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
