import { sns } from "../../src/limits-of-aws.ts";
import { isFifo } from "../../src/names.ts";
import { countCombinations, hasRules } from "../filter-policy.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import { eventCircle } from "./event-circle.ts";
import type { Guard } from "./guard.ts";

const filterLimits = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html";

/** What a consumer asks of its contracts, its topics and their filters. */
export const contractGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "contract-missing",
    reason: "a consumer without a contract would be handed nothing",
    fix: "name at least one contract in `on`",
    link: "https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
    final: true,
    check: ({ on }) => (on.length > 0 ? undefined : "`on` is empty; at least one contract is needed"),
  },
  {
    id: "contract-topic",
    reason: "an event goes to its contract's topic, and what is published to no topic is lost",
    fix: "give the contract a topic, and the bus this contract (`contracts`) or topic (`topics`)",
    link: "https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html",
    final: true,
    check: ({ on, emits, bus, busTopics }) => {
      const lost = [...on, ...emits].find(({ topic }) => !topic || busTopics?.includes(topic) === false);
      if (!lost) return undefined;
      const has = busTopics === undefined ? "" : `; the topics of bus ${bus} are: ${busTopics.join(", ")}`;
      return `contract ${lost.type} has ${lost.topic ? `the topic ${JSON.stringify(lost.topic)}` : "no topic"}${has}`;
    },
  },
  {
    id: "mixed-topics",
    reason:
      "a queue is either ordered or not, and an ordered topic delivers in order to an ordered queue only",
    fix: "split the consumer: one on the ordered topics (.fifo), one on the others",
    link: "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-code-examples.html",
    final: true,
    check: ({ topics }) => {
      const ordered = topics.filter(isFifo);
      return ordered.length === 0 || ordered.length === topics.length
        ? undefined
        : `\`on\` mixes ordered and standard topics: ${topics.join(", ")}`;
    },
  },
  {
    id: "filter-field",
    reason: "only filterable fields travel as message attributes: a filter on another one matches nothing",
    fix: "name the field in `filterable` of every contract of this consumer, or leave it out of `where`",
    link: "https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html",
    check: ({ on, whereFields }) => {
      for (const field of whereFields) {
        const without = on.find(({ filterable }) => !filterable.includes(field));
        if (without) {
          const names = without.filterable.join(", ") || "no field";
          return `\`where\` asks for ${field}, which contract ${without.type} does not make filterable; it has ${names}`;
        }
      }
      return undefined;
    },
  },
  {
    id: "filter-policy",
    reason: "SNS refuses the subscription",
    fix: "ask for fewer fields or values in `where`, or let another consumer take some of the contracts",
    link: filterLimits,
    check: ({ policies }) => {
      for (const [topic, policy] of Object.entries(policies)) {
        const unread = Object.keys(policy).find((field) => !hasRules(policy[field] ?? []));
        if (unread !== undefined) {
          return `the filter on topic ${topic} has ${JSON.stringify(policy[unread])} for ${unread}; a list is allowed, of one value or rule at least, as in ["de", { prefix: "a" }]`;
        }
        const keys = Object.keys(policy).length;
        const combinations = countCombinations(policy);
        if (keys > sns.filterKeys || combinations > sns.filterCombinations) {
          return `the filter on topic ${topic} has ${keys} keys (type included) and ${combinations} combinations; ${sns.filterKeys} and ${sns.filterCombinations} are allowed`;
        }
      }
      return undefined;
    },
  },
  {
    id: "filter-policies",
    reason: "SNS refuses the subscription",
    fix: "give some of the contracts a topic of their own; or have the quota raised (Service Quotas, SNS), then acknowledge",
    link: filterLimits,
    check: ({ topics, siblings }) => {
      for (const topic of topics) {
        const policies = 1 + siblings.filter((one) => one.topics.includes(topic)).length;
        if (policies > sns.filterPoliciesPerTopic) {
          return `topic ${topic} gets its ${policies}th subscription with a filter; ${sns.filterPoliciesPerTopic} are allowed`;
        }
      }
      return undefined;
    },
  },
  {
    id: "event-circle",
    reason:
      "Lambda takes a circle of events for a mistake: after about 16 rounds it stops invoking, and the event dies",
    fix: "break the circle; or, if it ends by itself, set recursiveLoop: RecursiveLoop.ALLOW",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    check: (facts) => {
      const circle = facts.mayLoop ? undefined : eventCircle(facts);
      return circle && `events run in a circle: ${circle.join(" → ")}`;
    },
  },
  {
    id: "settings-size",
    reason: "Lambda's whole environment has 4 KB",
    fix: "let several consumers share the contracts",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    final: true,
    check: ({ settingsProblem }) => settingsProblem,
  },
  {
    id: "consumer-taken",
    reason: "both would be the same queue and function",
    fix: "give one of them another construct id",
    link: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html",
    final: true,
    check: ({ twin, bus }) => (twin === undefined ? undefined : `bus ${bus} has a ${twin}`),
  },
];
