import type { ConsumerFacts } from "./facts.ts";
import { type Finding, fail, ok, redeploy, unseen, warn } from "./finding.ts";
import { mappingsOf } from "./judge-mapping.ts";

/** The schedule that drains a consumer: it is there and runs, and no mapping takes the events from it. */
export function judgeSchedule(facts: ConsumerFacts): readonly Finding[] {
  const { function: fn, schedule } = facts;
  const { name } = fn;
  const mappings = mappingsOf(facts);
  const beside = mappings.map(({ uuid }) =>
    warn(
      "schedule",
      `${name}: a mapping reads its queue beside the schedule: it sends back what its limit has no start for`,
      `aws lambda delete-event-source-mapping --uuid ${uuid}`,
    ),
  );
  if (schedule === undefined) return beside;
  if ("denied" in schedule) return [unseen("schedule", `schedule of ${name}`, schedule.denied), ...beside];
  if ("missing" in schedule) {
    return [
      fail(
        "schedule",
        `${name}: no schedule drains its queue: nothing is handled, all of it waits`,
        redeploy,
      ),
      ...beside,
    ];
  }
  const { state, expression, targetArn } = schedule.found;
  if (state !== "ENABLED") {
    const fix = "enable it (EventBridge Scheduler); to hold a consumer: bus pause";
    return [warn("schedule", `${name}: its schedule is ${state}: messages wait`, fix), ...beside];
  }
  if (!targetArn.endsWith(`:${name}`)) {
    return [fail("schedule", `${name}: its schedule calls ${targetArn}`, redeploy), ...beside];
  }
  return [ok("schedule", `${name}: drained by its schedule, ${expression}`), ...beside];
}
