import { SettingsError } from "../../src/errors.ts";
import { functionName, ledgerTableName, topicName } from "../../src/names.ts";
import type { Guard } from "./guard.ts";

/** The names that a construct goes by. */
export interface NameFacts {
  readonly bus: string;
  readonly consumer?: string;
  readonly topics: readonly string[];
}

const reason = "every physical name is computed from these, in every language and place";

/** Names that names.ts would refuse. */
export const nameGuards: readonly Guard<NameFacts>[] = [
  {
    id: "bus-name",
    reason,
    fix: 'choose lower-case letters and digits, as in "shop" or "shopdev"',
    link: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
    final: true,
    check: ({ bus }) => refusalOf(() => ledgerTableName(bus)),
  },
  {
    id: "topic-name",
    reason,
    fix: 'choose kebab-case, as in "orders" or "orders.fifo", in the contract or in the bus\'s topics',
    link: "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html",
    final: true,
    check: ({ topics }) => {
      // A contract without a topic is contract-topic's to tell.
      const refusals = topics.filter(Boolean).map((topic) => refusalOf(() => topicName(anyBus, topic)));
      return refusals.find((refusal) => refusal !== undefined);
    },
  },
  {
    id: "consumer-name",
    reason,
    fix: 'give the construct another id, as in "LockStock": the id is the name',
    link: "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    final: true,
    check: ({ consumer }) =>
      consumer === undefined ? undefined : refusalOf(() => functionName(anyBus, consumer)),
  },
];

/** So that a bad bus name is told once. */
const anyBus = "bus";

function refusalOf(make: () => string): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}
