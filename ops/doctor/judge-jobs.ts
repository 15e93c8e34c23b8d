import type { ConsumerSettings } from "../../src/env.ts";
import { type JobName, jobFunctionName } from "../../src/names.ts";
import type { BusFacts, JobFacts } from "./facts.ts";
import { type Finding, fail, ok, redeployBus, unseen, warn } from "./finding.ts";
import { hasArchive } from "./judge-archive.ts";

/** What becomes of a bus while one of its own functions does not run. */
const without: Readonly<Record<JobName, string>> = {
  governor: "no breaker closes a mapping, none is probed, and no deployment is put right",
  archiver: "what is published waits in the archive's queue, and is kept nowhere else",
  journaler: "what is completed is not kept, and the ledger's stream forgets it within a day",
  sealer: "what is kept is not closed into segments",
  reconciler: "nobody looks for events that were lost",
  relay: "what is in the outbox is not published",
  delayer: "delayed events wait, and are not published when they are due",
  replayer: "no replay can be run by a fleet",
};

/** A bus's own functions: each is there where it is needed, can run, and is called. */
export function judgeJobs(
  bus: string,
  { jobs, archive }: Pick<NonNullable<BusFacts["own"]>, "jobs" | "archive">,
  settings: readonly ConsumerSettings[],
): readonly Finding[] {
  const isKept = hasArchive({ jobs, archive });
  const needed: Readonly<Record<JobName, boolean>> = {
    governor: settings.some(({ breaker }) => breaker !== undefined),
    archiver: isKept,
    journaler: isKept,
    sealer: isKept,
    // A bus may do without: whether somebody wanted it cannot be seen from here.
    reconciler: false,
    relay: false,
    delayer: false,
    replayer: false,
  };
  return jobs.flatMap((facts) => judgeJob(jobFunctionName(bus, facts.job), facts, needed[facts.job]));
}

function judgeJob(name: string, facts: JobFacts, isNeeded: boolean): readonly Finding[] {
  const { job, function: fn } = facts;
  if ("denied" in fn) return [unseen("job", `function ${name}`, fn.denied)];
  if ("missing" in fn) {
    if (!isNeeded) return [];
    const text = `there is no function ${name}: ${without[job]}`;
    // A bus may be without one by choice, and breakers hold for a while all the same.
    return [
      job === "governor"
        ? warn("job", text, "set the bus's governor to true")
        : fail("job", text, redeployBus),
    ];
  }
  const { state, trouble } = fn.found;
  if (state === "Failed" || trouble !== undefined) {
    const why = trouble ?? "no reason given";
    return [fail("job", `${name} is ${state}: ${why}: ${without[job]}`, "mend that, and deploy it again")];
  }
  const troubles = [...judgeCalls(name, facts), ...judgeTimes(name, facts)];
  if (troubles.length > 0) return troubles;
  const callers = [facts.mappings && "its mapping", facts.schedule && "its schedule"].filter(Boolean);
  const told = callers.length === 0 ? "" : `, called by ${callers.join(" and ")}`;
  return [ok("job", `${name}: ${state}${told}`)];
}

/** The mapping that hands it what a queue or a stream has. */
function judgeCalls(name: string, { job, mappings }: JobFacts): readonly Finding[] {
  if (mappings === undefined || "missing" in mappings) return [];
  if ("denied" in mappings) return [unseen("job", `mapping of ${name}`, mappings.denied)];
  if (mappings.found.length === 0) {
    return [fail("job", `${name}: no mapping calls it: ${without[job]}`, redeployBus)];
  }
  return mappings.found.flatMap(({ uuid, state, lastResult }) => {
    if (/^Disabl/.test(state)) {
      const fix = `aws lambda update-event-source-mapping --uuid ${uuid} --enabled`;
      return [fail("job", `${name}: its mapping is ${state}: ${without[job]}`, fix)];
    }
    if (!lastResult?.startsWith("PROBLEM")) return [];
    return [warn("job", `${name}: the last poll: ${lastResult}`, "read the function's log")];
  });
}

/** The schedule that calls it again and again. */
function judgeTimes(name: string, { job, schedule }: JobFacts): readonly Finding[] {
  if (schedule === undefined) return [];
  if ("denied" in schedule) return [unseen("job", `schedule of ${name}`, schedule.denied)];
  if ("missing" in schedule) {
    return [fail("job", `${name}: no schedule calls it: ${without[job]}`, redeployBus)];
  }
  const { state, targetArn } = schedule.found;
  if (!targetArn.endsWith(`:${name}`)) {
    return [fail("job", `${name}: its schedule calls ${targetArn}`, redeployBus)];
  }
  if (state === "ENABLED") return [];
  return [
    fail(
      "job",
      `${name}: its schedule is ${state}: ${without[job]}`,
      `enable it in EventBridge Scheduler, or ${redeployBus}`,
    ),
  ];
}
