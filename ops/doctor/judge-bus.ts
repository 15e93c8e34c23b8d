import { type ConsumerSettings, readSettings, settingsVariable } from "../../src/env.ts";
import { describeError } from "../../src/errors.ts";
import { functionName } from "../../src/names.ts";
import type { Target } from "../target.ts";
import type { BusFacts, FunctionFacts } from "./facts.ts";
import { type Finding, fail, ok, unseen, warn } from "./finding.ts";
import { judgeArchive } from "./judge-archive.ts";
import { judgeDelay } from "./judge-delay.ts";
import { judgeJobs } from "./judge-jobs.ts";
import { judgeLimits } from "./judge-limits.ts";
import { judgeMapping, mappingsOf } from "./judge-mapping.ts";
import { judgeOutbox } from "./judge-outbox.ts";
import { judgeQueue, judgeSideQueues } from "./judge-queues.ts";
import { judgeSchedule } from "./judge-schedule.ts";
import { judgeSubscriptions } from "./judge-subscriptions.ts";
import { judgeTables } from "./judge-tables.ts";
import { settingsOf } from "./read-bus.ts";

/** Everything about one bus, consumer by consumer. */
export function judgeBus(facts: BusFacts, target: Pick<Target, "region" | "identity">): readonly Finding[] {
  const { bus, consumers, topics, own } = facts;
  const settings = consumers.flatMap((one) => settingsOf(one.function) ?? []);
  return [
    judgePresence(bus, consumers.length, topics),
    ...judgeTables(facts, settings),
    ...judgeLimits(bus, settings),
    ...judgeOutbox(bus, facts.outbox),
    ...(own ? [...judgeArchive(bus, own), ...judgeJobs(bus, own, settings), ...judgeDelay(bus, own)] : []),
    ...consumers.flatMap((consumer) => {
      const its = settingsOf(consumer.function);
      if (its === undefined) return [];
      const windowSeconds = mappingsOf(consumer)[0]?.windowSeconds ?? 0;
      return [
        judgeFunction(consumer.function, its),
        ...judgeQueue(consumer, windowSeconds),
        ...judgeSideQueues(consumer),
        ...(its.drain ? judgeSchedule(consumer) : judgeMapping(consumer)),
        ...(isElsewhere(its, facts, target)
          ? [topicsElsewhere(consumer.function.name, its)]
          : judgeSubscriptions(facts, consumer, its)),
      ];
    }),
  ];
}

/** Functions whose settings are there and cannot be read: of no known bus. */
export function judgeUnreadable(functions: readonly FunctionFacts[]): readonly Finding[] {
  return functions.flatMap(({ name, settings }) => {
    try {
      readSettings({ [settingsVariable]: settings });
      return [];
    } catch (thrown) {
      return [
        fail("function", `${name}: ${describeError(thrown).message}`, "deploy it and its code together"),
      ];
    }
  });
}

function judgePresence(bus: string, consumers: number, topics: BusFacts["topics"]): Finding {
  const count = "found" in topics ? topics.found.length : 0;
  const text = `bus ${bus}: ${count} topics, ${consumers} consumers`;
  if ("denied" in topics) return unseen("bus", `topics of bus ${bus}`, topics.denied);
  if (consumers > 0) return ok("bus", text);
  if (count > 0) {
    return warn(
      "bus",
      `${text}: what is published goes nowhere`,
      "deploy a stack with a Consumer of this bus",
    );
  }
  return fail(
    "bus",
    `there is no bus ${bus} here`,
    "deploy its stack, give another --bus, or set AWS_ENDPOINT_URL, AWS_REGION and credentials of where it stands",
  );
}

function judgeFunction({ name, state, stack, trouble }: FunctionFacts, settings: ConsumerSettings): Finding {
  const expected = functionName(settings.bus, settings.consumer);
  if (name !== expected) {
    return warn(
      "function",
      `${name} has the settings of ${expected}: it works on that one's queues and claims`,
      "deploy it from its own Consumer, or delete it",
    );
  }
  if (state === "Failed" || trouble !== undefined) {
    return fail(
      "function",
      `${name} is ${state}: ${trouble ?? "no reason given"}`,
      "mend that, and deploy it again",
    );
  }
  const origin = stack === undefined ? "" : ` (stack ${stack})`;
  return ok("function", `${name}${origin}: ${state}, mode ${settings.mode}, ${settings.attempts} attempts`);
}

/** A stand-in may take any region for its own: where topics were found is here, too. */
function isElsewhere(
  { region, account }: ConsumerSettings,
  { topics }: BusFacts,
  target: Pick<Target, "region" | "identity">,
): boolean {
  if (region === target.region && account === target.identity?.account) return false;
  return !("found" in topics && topics.found.some((arn) => arn.includes(`:${region}:${account}:`)));
}

function topicsElsewhere(name: string, { account, region }: ConsumerSettings): Finding {
  return warn(
    "subscription",
    `${name}: its topics are in account ${account}, region ${region}: what they send was not looked at from here`,
    "run doctor there as well",
  );
}
