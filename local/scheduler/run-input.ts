import type { Schedule } from "./schedule.ts";

/** One run of a schedule. */
export interface Run {
  readonly schedule: Schedule;
  readonly arn: string;
  readonly scheduledMs: number;
  readonly executionId: string;
  /** From 1 on. */
  readonly attempt: number;
}

/**
 * What the target of a run gets: the schedule's own input with the attributes of the run put in, or else a description of
 * it. (managing-schedule-context-attributes)
 */
export function inputOf({ schedule, arn, scheduledMs, executionId, attempt }: Run): string {
  const time = new Date(scheduledMs).toISOString().replace(/\.\d+Z$/, "Z");
  const [, , service = "", region = "", account = ""] = arn.split(":");
  const { input } = schedule.target;
  if (input === undefined) {
    return JSON.stringify({
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: `aws.${service}`,
      account,
      time,
      region,
      resources: [arn],
      // EventBridge's own rules have an object here.
      detail: service === "events" ? {} : "{}",
    });
  }
  const attributes: Readonly<Record<string, string>> = {
    "schedule-arn": arn,
    "scheduled-time": time,
    "execution-id": executionId,
    "attempt-number": String(attempt),
  };
  return input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => attributes[name] ?? whole);
}
