import type { ServerResponse } from "node:http";
import { localAccount } from "../local-account.ts";
import { answerXml, errorXml, newId } from "./answer.ts";

/** STS: who am I, which tools ask before they do anything. Nothing else. */
export function answerSts(form: Readonly<Record<string, string>>, response: ServerResponse): void {
  if (form.Action !== "GetCallerIdentity") {
    answerXml(
      response,
      400,
      errorXml("InvalidAction", `STS action ${form.Action} is not part of the local cloud`),
    );
    return;
  }
  const result = `<Arn>arn:aws:iam::${localAccount}:user/local</Arn><UserId>AIDALOCAL</UserId><Account>${localAccount}</Account>`;
  answerXml(
    response,
    200,
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>${newId()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}
