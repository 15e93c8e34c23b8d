import { hash } from "node:crypto";
import type { WireTarget } from "../env.ts";
import { type WireClient, WireError, wireClient } from "../wire/index.ts";
import type { DelaySchedules } from "./ports.ts";

/**
 * `DelaySchedules` of EventBridge Scheduler over signed HTTP: its one call that is made here, CreateSchedule, is a JSON text. A
 * schedule deletes itself when it has run. (API_CreateSchedule)
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
      client ??= wireClient({ service: "scheduler", target, maxAttempts: 3, errorOf });
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

/** `{"Message":"…"}`, and the name in a header that is not handed out; a conflict is told by its status. */
function errorOf(body: string, status: number): WireError {
  const { Message = body.slice(0, 200) } = readJson(body);
  return new WireError(status === 409 ? "ConflictException" : `Status${status}`, Message, status);
}

function readJson(body: string): { readonly Message?: string } {
  try {
    return JSON.parse(body) as { Message?: string };
  } catch {
    return {};
  }
}
