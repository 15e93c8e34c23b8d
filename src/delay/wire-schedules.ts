import { hash } from "node:crypto";
import type { WireTarget } from "../env.ts";
import { type WireClient, WireError } from "../wire/index.ts";
import type { DelaySchedules } from "./ports.ts";
import { schedulerWire } from "./scheduler-wire.ts";

/**
 * `DelaySchedules` of EventBridge Scheduler over signed HTTP, by its call CreateSchedule. A schedule
 * deletes itself when it has run. (API_CreateSchedule)
 */
export function wireSchedules({
  target,
  queueArn,
  deadLetterArn,
  roleArn,
}: {
  readonly target: WireTarget;
  readonly queueArn: string;
  /** Where Scheduler leaves what the queue did not take within a day. */
  readonly deadLetterArn: string;
  /** As whom Scheduler sends. */
  readonly roleArn: string;
}): DelaySchedules {
  let client: WireClient | undefined;
  return {
    async put(name, atMs, body) {
      client ??= schedulerWire(target);
      const input = {
        // The same request, should its answer be lost.
        ClientToken: hash("sha256", `${name}\n${body}`, "hex").slice(0, 64),
        ScheduleExpression: atExpression(atMs),
        ScheduleExpressionTimezone: "UTC",
        FlexibleTimeWindow: { Mode: "OFF" },
        ActionAfterCompletion: "DELETE",
        Target: { Arn: queueArn, RoleArn: roleArn, Input: body, DeadLetterConfig: { Arn: deadLetterArn } },
      };
      try {
        await client({
          path: `schedules/${name}`,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(input),
        });
      } catch (error) {
        if (!(error instanceof WireError) || error.name !== "ConflictException") throw error;
      }
    },
  };
}

/** `at(2026-11-27T13:00:01)`, in UTC: Scheduler counts seconds, and nothing may come early. */
export function atExpression(atMs: number): string {
  return `at(${new Date(Math.ceil(atMs / 1_000) * 1_000).toISOString().slice(0, 19)})`;
}
