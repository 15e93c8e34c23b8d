import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Clock, systemClock } from "../../clock.ts";
import { deliveryKey } from "../../names.ts";
import { fencedTable, keyOf } from "../fenced-table.ts";
import type { KnownConsumer } from "./known-consumer.ts";
import type { KnownConsumers } from "./ports.ts";

const pageSize = 100;
const consumerPrefix = "consumer#";

/** `KnownConsumers` in a DynamoDB table (`{bus}-jobs`, keys `pk` and `sk`): an item for each consumer. */
export function dynamoKnownConsumers({
  table: name,
  client,
  clock = systemClock,
}: {
  readonly table: string;
  /** @default one of this environment */
  readonly client?: DynamoDBClient;
  readonly clock?: Clock;
}): KnownConsumers {
  const table = fencedTable({ table: name, client, clock });
  return {
    async beganMs(nowMs) {
      const { item } = await table.update(keyOf(deliveryKey, "began"), "SET began = :now", {
        expression: "attribute_not_exists(began)",
        values: { ":now": { N: String(nowMs) } },
      });
      return Number(item.began?.N ?? nowMs);
    },
    async list() {
      const found: { known: KnownConsumer; revision: number }[] = [];
      let cursor: string | undefined;
      do {
        const page = await table.page(deliveryKey, { cursor, limit: pageSize });
        for (const { known, revision } of page.items) {
          if (known?.S === undefined) continue;
          found.push({ known: JSON.parse(known.S) as KnownConsumer, revision: Number(revision?.N) });
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    },
    async save(known, revision) {
      const { written } = await table.update(
        keyOf(deliveryKey, consumerPrefix + known.consumer),
        "SET known = :known, revision = :next",
        {
          expression: revision === 0 ? "attribute_not_exists(revision)" : "revision = :revision",
          values: {
            ":known": { S: JSON.stringify(known) },
            ":next": { N: String(revision + 1) },
            ...(revision === 0 ? {} : { ":revision": { N: String(revision) } }),
          },
        },
      );
      return written;
    },
  };
}
