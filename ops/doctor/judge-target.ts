import { type Target, targetText } from "../target.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** Where the doctor looks, and as whom. */
export function judgeTarget(target: Target): readonly Finding[] {
  const text = targetText(target);
  const where = target.isRealCloud
    ? warn(
        "target",
        `this looks at ${text}`,
        "doctor only reads. For a local one: export AWS_ENDPOINT_URL=http://127.0.0.1:4566 (where bus local listens)",
      )
    : ok("target", text);
  if (target.identity) return [where, ok("credentials", target.identity.arn)];
  const why = target.problem ?? "unknown";
  const fix = isUnreachable(why)
    ? "start it there, or set AWS_ENDPOINT_URL to where it is"
    : target.isRealCloud
      ? "sign in (aws sso login, or AWS_PROFILE) and set AWS_REGION"
      : "export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1";
  return [where, fail("credentials", why.split("\n", 1)[0] ?? why, fix)];
}

function isUnreachable(why: string): boolean {
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|timed? ?out/i.test(why);
}
