import type { Target } from "../../ops/target.ts";
import type { Terminal } from "../terminal.ts";

/**
 * Shows what would be done and finds out whether it shall be: by options that say so, or by a person who types it. The
 * real cloud is never changed without those options. Where nobody can be asked, showing it is all.
 */
export async function agreement({
  terminal,
  target,
  plan,
  question,
  expected = "y",
  how,
  yes,
  json,
}: {
  readonly terminal: Pick<Terminal, "say" | "print" | "ask">;
  readonly target: Target;
  readonly plan: string;
  readonly question: string;
  /** What has to be typed. */
  readonly expected?: string;
  /** Which options say yes. */
  readonly how: string;
  readonly yes: boolean;
  readonly json: boolean;
}): Promise<boolean> {
  if (yes || json) terminal.say(plan);
  else terminal.print(plan);
  if (yes) return true;
  if (target.isRealCloud) {
    terminal.say(
      `this is the real cloud, account ${target.identity?.account ?? "unknown"}: nothing was changed. Give ${how} to do it there, or set AWS_ENDPOINT_URL, as in http://127.0.0.1:4566`,
    );
    return false;
  }
  const typed = json ? undefined : await terminal.ask(`${question} [${expected}] `);
  if (typed === expected) return true;
  terminal.say(
    typed === undefined
      ? `would ${question.replace(/\?$/, "")}; nothing was changed: give ${how} to do it`
      : "nothing was changed",
  );
  return false;
}
