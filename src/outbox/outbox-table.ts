import { SettingsError } from "../errors.ts";
import { outboxKeyAttribute, outboxPrefixPattern, outboxSortAttribute } from "../names.ts";
import type { OutboxTable } from "./places.ts";

/** Where an outbox is. */
export interface OutboxAddress {
  /** The table's name: `{bus}-outbox`, or that of a table that holds other things as well. */
  readonly table: string;
  /** What the partition keys of the outbox's items begin with. @default nothing: the table is the outbox's own */
  readonly prefix?: string | undefined;
  /** The name of the table's partition key, a string. @default `pk` */
  readonly partitionKey?: string | undefined;
  /** The name of the table's sort key, a string. @default `sk` */
  readonly sortKey?: string | undefined;
}

/** The table with its defaults. Throws `SettingsError` for what cannot be. */
export function outboxTable({
  table,
  prefix = "",
  partitionKey = outboxKeyAttribute,
  sortKey = outboxSortAttribute,
}: OutboxAddress): OutboxTable {
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new SettingsError(
      "outbox-table",
      `table ${JSON.stringify(table)} is no table's name; give the table's own name, as in "shop-outbox"`,
    );
  }
  if (!outboxPrefixPattern.test(prefix)) {
    throw new SettingsError(
      "outbox-prefix",
      `prefix ${JSON.stringify(prefix)} is not allowed: it must match ${outboxPrefixPattern}, as in "outbox#"`,
    );
  }
  const taken: readonly string[] = rowAttributes;
  for (const name of [partitionKey, sortKey]) {
    if (name !== "" && !taken.includes(name)) continue;
    throw new SettingsError(
      "outbox-key",
      `a key cannot be called ${JSON.stringify(name)}: rows use ${taken.join(", ")} themselves; give the outbox a table of its own`,
    );
  }
  return { table, prefix, partitionKey, sortKey };
}

/** What a row has beside its keys; `schema/outbox-row.schema.json`. */
export const rowAttributes = [
  ...["v", "id", "source", "type", "topic", "body", "attributes", "created", "group", "deduplication"],
  ...["order", "sequence", "reason", "problem", "died", "owner", "leaseEnds", "sent", "parked"],
] as const;
