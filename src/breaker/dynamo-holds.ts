import { type Clock, sleep, systemClock } from "../clock.ts";
import { describeError, HoldError } from "../errors.ts";
import { dynamodb } from "../limits-of-aws.ts";
import { holdKey, jobsKeyAttribute as pk, jobsSortAttribute as sk } from "../names.ts";
import type { Ramp } from "./hold.ts";
import { defaultHoldCalls, type HoldCalls } from "./hold-calls.ts";
import {
  holdAttribute,
  holdItemVersion,
  type Item,
  probeAttribute,
  rampAttribute,
  readHolds,
} from "./hold-item.ts";
import type { HoldStore, Writer } from "./ports.ts";

/** DynamoDB leaves keys of a batch unread when it is busy; they are asked for again, so often. */
const maxRounds = 5;
const roundPauseMs = 100;

/** Holds in the table `{bus}-jobs`. One write unit for a hold, one read unit for a look. */
export function dynamoHolds({
  table,
  calls = defaultHoldCalls(),
  clock = systemClock,
}: {
  readonly table: string;
  readonly calls?: HoldCalls;
  readonly clock?: Clock;
}): HoldStore {
  const keyOf = (consumer: string): Item => ({ [pk]: { S: holdKey(consumer) }, [sk]: { S: "state" } });

  const ask: HoldCalls = async (operation, input) => {
    try {
      return await calls(operation, input);
    } catch (cause) {
      const { name, message } = describeError(cause);
      if (name === "ConditionalCheckFailedException") throw cause;
      throw name === "ResourceNotFoundException"
        ? new HoldError(
            "holds-missing",
            `there is no table ${table}, where holds are kept: deploy the bus with this version of omnibus-aws`,
            { cause },
          )
        : new HoldError("holds-unavailable", `the table ${table} did not answer (${name}: ${message})`, {
            retryable: true,
            cause,
          });
    }
  };

  /** Writes where the condition holds, and says whether it did. */
  const update = async (
    consumer: string,
    writer: Writer,
    { set = {}, remove = [], condition, values = {}, names = {} }: Change,
  ): Promise<boolean> => {
    const all = { "#v": "v", "#consumer": "consumer", "#writer": "writer", ...names };
    const sets = ["#v = :v", "#consumer = :consumer", "#writer = :writer"];
    const setValues: Item = {};
    for (const [name, value] of Object.entries(set)) {
      sets.push(`${name} = :set${sets.length}`);
      setValues[`:set${sets.length - 1}`] = value;
    }
    try {
      await ask("UpdateItem", {
        TableName: table,
        Key: keyOf(consumer),
        UpdateExpression: `SET ${sets.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ExpressionAttributeNames: all,
        ExpressionAttributeValues: {
          ":v": { N: String(holdItemVersion) },
          ":consumer": { S: consumer },
          ":writer": { S: writer },
          ...setValues,
          ...values,
        },
      });
      return true;
    } catch (error) {
      if (describeError(error).name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  };

  const readMany = async (consumers: readonly string[]): Promise<ReadonlyMap<string, Item>> => {
    const found = new Map<string, Item>();
    let keys: readonly Item[] = consumers.map(keyOf);
    for (let round = 1; keys.length > 0; round++) {
      const { Responses, UnprocessedKeys } = (await ask("BatchGetItem", {
        RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
      })) as {
        Responses?: Record<string, readonly Item[]>;
        UnprocessedKeys?: Record<string, { readonly Keys?: readonly Item[] }>;
      };
      for (const item of Responses?.[table] ?? []) found.set(item[pk]?.S ?? "", item);
      keys = UnprocessedKeys?.[table]?.Keys ?? [];
      if (keys.length === 0) break;
      if (round === maxRounds) {
        throw new HoldError(
          "holds-unavailable",
          `the table ${table} is busy: ${keys.length} holds are unread`,
          {
            retryable: true,
          },
        );
      }
      await sleep(clock, roundPauseMs);
    }
    return found;
  };

  return {
    async read(consumers) {
      const [only, ...more] = consumers;
      if (only === undefined) return [];
      if (more.length === 0) {
        const input = { TableName: table, Key: keyOf(only), ConsistentRead: true };
        const { Item } = (await ask("GetItem", input)) as { Item?: Item };
        return [readHolds(only, Item)];
      }
      const items = new Map<string, Item>();
      for (let at = 0; at < consumers.length; at += dynamodb.batchGetItems) {
        const some = await readMany([...new Set(consumers.slice(at, at + dynamodb.batchGetItems))]);
        for (const [key, item] of some) items.set(key, item);
      }
      return consumers.map((consumer) => readHolds(consumer, items.get(holdKey(consumer))));
    },

    async open(consumer, hold, writer) {
      const opened = await update(consumer, writer, {
        names: { "#hold": hold.name },
        set: { "#hold": holdAttribute(hold) },
        condition: "attribute_not_exists(#hold)",
      });
      return opened ? "opened" : "already";
    },

    lift: (consumer, { name, sinceMs }, writer, ramp) =>
      update(consumer, writer, {
        names: { "#hold": name, "#since": "since", ...(ramp ? { "#ramp": "ramp" } : {}) },
        set: ramp ? { "#ramp": rampAttribute(ramp) } : {},
        remove: ["#hold"],
        condition: "#hold.#since = :since",
        values: { ":since": { N: String(sinceMs) } },
      }),

    async noteProbe(consumer, note) {
      await update(consumer, "governor", {
        names: { "#probe": "probe" },
        set: { "#probe": probeAttribute(note) },
      });
    },

    moveRamp: (consumer, before, after) =>
      update(consumer, "governor", {
        names: { "#ramp": "ramp", "#step": "step", "#since": "since" },
        ...(after ? { set: { "#ramp": rampAttribute(after) } } : { remove: ["#ramp"] }),
        ...standsAt(before),
      }),
  };
}

interface Change {
  readonly names?: Readonly<Record<string, string>>;
  /** By placeholder. */
  readonly set?: Item;
  readonly remove?: readonly string[];
  readonly condition?: string;
  readonly values?: Item;
}

function standsAt({ step, sinceMs }: Ramp): Pick<Change, "condition" | "values"> {
  const values = { ":step": { N: String(step) } };
  if (sinceMs === undefined) {
    return { condition: "#ramp.#step = :step AND attribute_not_exists(#ramp.#since)", values };
  }
  return {
    condition: "#ramp.#step = :step AND #ramp.#since = :since",
    values: { ...values, ":since": { N: String(sinceMs) } },
  };
}
