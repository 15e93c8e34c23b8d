import type { WireTarget } from "../env.ts";
import { WireError } from "../wire/index.ts";
import type { KeptSchedules } from "./ports.ts";
import { schedulerWire } from "./scheduler-wire.ts";

/** Schedules of a page, at most. (API_ListSchedules) */
const pageSize = "100";
const group = "default";

/** `KeptSchedules` of EventBridge Scheduler over signed HTTP: ListSchedules, GetSchedule, DeleteSchedule. */
export function wireKeptSchedules({ target }: { readonly target: WireTarget }): KeptSchedules {
  const call = schedulerWire(target);
  const at = (name: string) => ({
    path: `schedules/${name}`,
    query: { groupName: group },
    headers: {},
    body: "",
  });
  return {
    async *names(prefix) {
      for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken; isFirst = false) {
        const query = {
          ...{ ScheduleGroup: group, NamePrefix: prefix, MaxResults: pageSize },
          ...(NextToken === undefined ? {} : { NextToken }),
        };
        const { body } = await call({ method: "GET", path: "schedules", query, headers: {}, body: "" });
        const page = JSON.parse(body) as {
          readonly NextToken?: string | null;
          readonly Schedules?: readonly { readonly Name: string }[];
        };
        for (const { Name } of page.Schedules ?? []) yield Name;
        NextToken = page.NextToken ?? undefined;
      }
    },
    async read(name) {
      const answer = await call({ ...at(name), method: "GET" }).catch(none);
      if (answer === undefined) return undefined;
      const { Target } = JSON.parse(answer.body) as { readonly Target?: { readonly Input?: string } };
      return Target?.Input ?? "";
    },
    async remove(name) {
      return (await call({ ...at(name), method: "DELETE" }).catch(none)) !== undefined;
    },
  };
}

/** One that is not there has run, or was removed. */
function none(error: unknown): undefined {
  if (error instanceof WireError && error.status === 404) return undefined;
  throw error;
}
