/** One line of the doctor: what was looked at, how it is, and what to do about it. */
export interface Finding {
  /** What kind of thing: `target`, `queue`, `mapping` … Stable, for programs. */
  readonly check: string;
  readonly level: "ok" | "warn" | "fail";
  readonly message: string;
  /** What to do, where something is to be done. */
  readonly fix?: string;
}

/** All is well. */
export function ok(check: string, message: string): Finding {
  return { check, level: "ok", message };
}

/** It works, and somebody should look. */
export function warn(check: string, message: string, fix: string): Finding {
  return { check, level: "warn", message, fix };
}

/** Events are lost, late or not handled until this is mended. */
export function fail(check: string, message: string, fix: string): Finding {
  return { check, level: "fail", message, fix };
}

/** These credentials may not look: nothing is known of the thing then, which is not to be passed over. */
export function unseen(check: string, what: string, action: string): Finding {
  return warn(
    check,
    `${what} could not be looked at: ${action} is not allowed`,
    `let these credentials call ${action}, or run doctor with others`,
  );
}

/**
 * The fix where something was changed or deleted beside CloudFormation. A deployment alone compares templates, finds them
 * the same and does nothing: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-deploy.html
 */
export const redeploy =
  "deploy the consumer's stack again; if its template is the same: npx cdk deploy <stack> --revert-drift";

/** The same for what stands in the bus's own stack. */
export const redeployBus =
  "deploy the bus's stack again; if its template is the same: npx cdk deploy <stack> --revert-drift";
