import type { Duration } from "aws-cdk-lib/core";
import { SettingsError } from "../src/errors.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { valueText } from "./value-text.ts";

/** What a consumer's props say of how long something is or lasts: what each is, and an example. */
const durations: Readonly<Record<string, string>> = {
  "retry.survive": "Duration.hours(6)",
  "retry.firstDelay": "Duration.seconds(5)",
  "retry.maxDelay": "Duration.minutes(15)",
  "breaker.window": "Duration.seconds(30)",
  "breaker.probeEvery": "Duration.seconds(10)",
  "expect.burst.lasts": "Duration.seconds(10)",
  "expect.outage": "Duration.hours(1)",
  batchWindow: "Duration.seconds(1)",
  timeout: "Duration.seconds(30)",
  visibilityTimeout: "Duration.minutes(3)",
  retention: "Duration.days(4)",
  deadLetterRetention: "Duration.days(14)",
  keep: "Duration.days(60)",
};

/** Those that CloudFormation takes in seconds. */
const inSeconds: ReadonlySet<string> = new Set([
  "batchWindow",
  "timeout",
  "visibilityTimeout",
  "retention",
  "deadLetterRetention",
]);

/**
 * Refuses numbers and texts where a `Duration` is meant, durations that are only known at deployment (all that is planned
 * stands on them), and parts of a second or a millisecond where none can be. Throws `SettingsError` (`duration`).
 */
export function refuseDurations(props: ConsumerProps, subject: string): void {
  for (const [path, example] of Object.entries(durations)) {
    const names = path.split(".");
    let said: unknown = props;
    for (const [depth, name] of names.entries()) {
      if (!isRecord(said)) {
        const parent = names.slice(0, depth).join(".");
        throw refusal(subject, parent, said, `an object, as in { ${name}: … }`);
      }
      said = said[name];
      if (said === undefined) break;
    }
    if (said === undefined) continue;
    if (!isDuration(said)) throw refusal(subject, path, said, `a Duration of aws-cdk-lib, as in ${example}`);
    if (said.isUnresolved()) {
      throw refusal(subject, path, "a token", `one that is known at synth, as in ${example}`);
    }
    const unit = inSeconds.has(path) ? { ms: 1_000, name: "seconds" } : { ms: 1, name: "milliseconds" };
    if (said.toMilliseconds({ integral: false }) % unit.ms !== 0) {
      throw refusal(subject, path, said, `a Duration of whole ${unit.name}, as in ${example}`);
    }
  }
}

function isRecord(said: unknown): said is Readonly<Record<string, unknown>> {
  return typeof said === "object" && said !== null && !Array.isArray(said) && !isDuration(said);
}

/** By what it can do, and not by its class: an app may have another copy of the CDK. */
function isDuration(said: unknown): said is Duration {
  const { toMilliseconds, isUnresolved } = (said ?? {}) as Partial<Duration>;
  return typeof toMilliseconds === "function" && typeof isUnresolved === "function";
}

function refusal(subject: string, path: string, said: unknown, allowed: string): SettingsError {
  // A Duration tells itself as it is written.
  const text = isDuration(said) ? String(said) : valueText(said);
  return new SettingsError("duration", `${subject}: ${path} is ${text}; ${allowed}, is allowed`);
}
