import type { WireTarget } from "../../src/env.ts";
import { WireError, wireClient } from "../../src/wire/index.ts";
import type { ScheduleFacts } from "./facts.ts";

/** What GetSchedule answers, as far as it is looked at. (API_GetSchedule) */
interface Schedule {
  readonly State?: string;
  readonly ScheduleExpression?: string;
  readonly Target?: { readonly Arn?: string };
}

/**
 * One schedule of EventBridge Scheduler, by a signed call: its API is asked for this and nothing else. Throws as the AWS SDK
 * does, by AWS's names: `ResourceNotFoundException`, `AccessDeniedException`.
 */
export async function readSchedule(target: WireTarget, name: string): Promise<ScheduleFacts> {
  const call = wireClient({ service: "scheduler", target, maxAttempts: 3, errorOf });
  const { body } = await call({ method: "GET", path: `schedules/${name}`, headers: {}, body: "" });
  const { State = "ENABLED", ScheduleExpression = "", Target } = JSON.parse(body) as Schedule;
  return { name, state: State, expression: ScheduleExpression, targetArn: Target?.Arn ?? "" };
}

function errorOf(body: string, status: number): WireError {
  const known: Readonly<Record<number, string>> = {
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
  };
  return new WireError(known[status] ?? `Status${status}`, body.slice(0, 200), status);
}
