import { TransactionError } from "../errors.ts";
import { canonical } from "./expression/values.ts";
import type { Item, ItemAddress } from "./ports.ts";
import { tableNameOf } from "./table-name.ts";

/** Tables in this process's memory. */
export interface InMemoryTables {
  /** The item there. Throws `TransactionError` for a table that there is none of, or a key that is not its. */
  get(at: ItemAddress): Item | undefined;
  /** All items of a table, in no order. */
  items(table: string): readonly Item[];
  /** Puts an item in, or takes it away. */
  set(at: ItemAddress, item: Item | undefined): void;
  /** Where an item stands, by its table's key. */
  addressOf(table: string | undefined, item: Item): ItemAddress;
}

/** Makes them: by name, with the names of the key's attributes, as in `{ accounts: ["account"], entries: ["account", "at"] }`. */
export function inMemoryTables(keys: Readonly<Record<string, readonly string[]>>): InMemoryTables {
  const tables = new Map(
    Object.entries(keys).map(([name, attributes]) => [name, { attributes, items: new Map<string, Item>() }]),
  );
  const tableNamed = (name: string | undefined) => {
    const table = tables.get(tableNameOf(name));
    if (table) return table;
    throw new TransactionError(
      "no-table",
      `there is no table ${JSON.stringify(name)}; there is ${[...tables.keys()].join(", ") || "none"}: name it with its key, as in tables: { accounts: ["account"] }`,
    );
  };
  const keyOf = (name: string | undefined, attributes: readonly string[], item: Item): Item =>
    Object.fromEntries(
      attributes.map((attribute) => {
        const value = item[attribute];
        if (value) return [attribute, value];
        throw new TransactionError(
          "table-key",
          `an item of ${name} has no ${attribute}, which is of its key (${attributes.join(", ")})`,
        );
      }),
    );
  const placeOf = ({ TableName, Key }: ItemAddress) => {
    const { attributes, items } = tableNamed(TableName);
    const key = keyOf(TableName, attributes, Key);
    return {
      items,
      place: attributes.map((attribute) => canonical(key[attribute] ?? ({} as never))).join("\n"),
    };
  };

  return {
    get(at) {
      const { items, place } = placeOf(at);
      return items.get(place);
    },
    items: (name) => [...tableNamed(name).items.values()],
    set(at, item) {
      const { items, place } = placeOf(at);
      if (item) items.set(place, item);
      else items.delete(place);
    },
    addressOf(name, item) {
      const { attributes } = tableNamed(name);
      return { TableName: tableNameOf(name), Key: keyOf(name, attributes, item) };
    },
  };
}
