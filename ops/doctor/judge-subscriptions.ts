import type { ConsumerSettings } from "../../src/env.ts";
import type { BusFacts, ConsumerFacts, QueueFacts, SubscriptionFacts } from "./facts.ts";
import { type Finding, fail, ok, redeploy, unseen, warn } from "./finding.ts";
import { letsSend } from "./queue-policy.ts";

/** What arrives at a consumer: its subscriptions, whether they may deliver, and whether they match its contracts. */
export function judgeSubscriptions(
  { subscriptions, topics }: BusFacts,
  facts: ConsumerFacts,
  settings: ConsumerSettings,
): readonly Finding[] {
  const { name } = facts.function;
  for (const read of [topics, subscriptions]) {
    if ("denied" in read) return [unseen("subscription", `subscriptions of ${name}`, read.denied)];
  }
  if (!("found" in facts.queue)) return [];
  const queue = facts.queue.found;
  const own =
    "found" in subscriptions ? subscriptions.found.filter(({ endpoint }) => endpoint === queue.arn) : [];
  if (own.length === 0) {
    return [
      fail("subscription", `${name}: no topic of the bus sends to its queue: nothing arrives`, redeploy),
    ];
  }
  return [
    ...own.flatMap((subscription) => judgeSubscription(name, subscription, facts)),
    judgePermissions(
      own,
      [facts.queue, facts.undelivered].flatMap((read) => ("found" in read ? [read.found] : [])),
    ),
    judgeContracts(name, own, settings),
  ];
}

function judgeSubscription(
  name: string,
  { arn, topicArn, raw, redriveTargetArn }: SubscriptionFacts,
  { undelivered }: ConsumerFacts,
): readonly Finding[] {
  const what = `${name} on ${topicArn.split(":").at(-1)}`;
  const findings: Finding[] = [];
  if (!arn.startsWith("arn:")) {
    findings.push(fail("subscription", `${what}: not confirmed (${arn}): nothing is delivered`, redeploy));
  }
  if (!raw) {
    findings.push(
      warn(
        "subscription",
        `${what}: messages come wrapped by SNS: they are understood, and larger, and mappings' filters see the wrapping`,
        `aws sns set-subscription-attributes --subscription-arn ${arn} --attribute-name RawMessageDelivery --attribute-value true`,
      ),
    );
  }
  if (redriveTargetArn === undefined) {
    findings.push(fail("subscription", `${what}: what SNS cannot deliver is lost`, redeploy));
  } else if ("found" in undelivered && undelivered.found.arn !== redriveTargetArn) {
    findings.push(
      warn("subscription", `${what}: what SNS cannot deliver goes to ${redriveTargetArn}`, redeploy),
    );
  }
  return findings.length > 0 ? findings : [ok("subscription", `${what}: raw, undeliverable ones are kept`)];
}

/** SNS must be let in, at the queue and at the one for what could not be delivered. */
function judgePermissions(own: readonly SubscriptionFacts[], queues: readonly QueueFacts[]): Finding {
  for (const queue of queues) {
    const shut = own.find(({ topicArn }) => !letsSend(queue.policy, { topicArn, queueArn: queue.arn }));
    if (shut) {
      return fail(
        "permissions",
        `${queue.name}: its policy does not let ${shut.topicArn} send to it: SNS is refused`,
        redeploy,
      );
    }
  }
  return ok("permissions", `${queues.map(({ name }) => name).join(", ")}: the topics may send`);
}

/** The types that are let through are the types that the function's contracts handle. */
function judgeContracts(name: string, own: readonly SubscriptionFacts[], { on }: ConsumerSettings): Finding {
  const open = own.find(({ filterPolicy }) => !Array.isArray(filterPolicy.type));
  if (open) {
    return warn(
      "contracts",
      `${name}: the subscription to ${open.topicArn} has no filter on type: events that it does not handle become dead letters`,
      redeploy,
    );
  }
  const delivered = new Set(own.flatMap(({ filterPolicy }) => filterPolicy.type as readonly unknown[]));
  const handled = new Set(on.map((contract) => contract.slice(0, contract.lastIndexOf(":"))));
  const unheard = [...handled].filter((type) => !delivered.has(type));
  const strange = [...delivered].filter((type) => typeof type === "string" && !handled.has(type));
  if (unheard.length > 0) {
    return fail(
      "contracts",
      `${name} handles ${unheard.join(", ")}, and no subscription lets it through`,
      redeploy,
    );
  }
  if (strange.length > 0) {
    return fail(
      "contracts",
      `${name} is sent ${strange.join(", ")}, and does not handle it: each becomes a dead letter`,
      "deploy the stack and the code together",
    );
  }
  return ok("contracts", `${name}: ${on.join(", ")}`);
}
