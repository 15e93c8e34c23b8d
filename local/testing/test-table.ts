import type { InMemoryTables, Item } from "../../src/transaction/index.ts";

/** A table that handlers in mode `transaction` read and write. */
export interface TestTable {
  /** All that stands there, in no order. */
  readonly items: readonly Item[];
  get(key: Item): Item | undefined;
  /** Puts an item there, as a test's beginning. */
  put(item: Item): void;
}

/** Makes a `TestTable` of one of `tables`. Throws `TransactionError` (`no-table`) for one that there is none of. */
export function testTable(tables: InMemoryTables, name: string): TestTable {
  tables.items(name);
  return {
    get items() {
      return tables.items(name);
    },
    get: (Key) => tables.get({ TableName: name, Key }),
    put: (item) => tables.set(tables.addressOf(name, item), item),
  };
}
