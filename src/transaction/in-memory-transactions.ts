import { describeError, TransactionError } from "../errors.ts";
import type { InMemoryLedger } from "../ledger/index.ts";
import { claimStateOf } from "./claim-state.ts";
import { applyUpdate } from "./expression/apply-update.ts";
import { bindingsOf } from "./expression/bindings.ts";
import { readCondition } from "./expression/condition.ts";
import { readUpdate } from "./expression/update.ts";
import { canonicalItem, itemAsKept } from "./expression/values.ts";
import type { InMemoryTables } from "./in-memory-tables.ts";
import type { Item, ItemAddress, TransactionStore, Write } from "./ports.ts";
import { contentOf } from "./refuse-writes.ts";

/**
 * Transactions over a ledger and tables in this process's memory: conditions and updates do what they do on DynamoDB. For tests
 * and simulations; of types, sizes and reserved words they check little.
 */
export function inMemoryTransactions({
  ledger,
  tables,
  table = "ledger",
}: {
  readonly ledger: InMemoryLedger;
  readonly tables: InMemoryTables;
  /** What the ledger's table is called. */
  readonly table?: string;
}): TransactionStore {
  const claimState = (key: string, owner: string) => claimStateOf(ledger.items.get(key), owner);
  return {
    ledger: table,
    read: async (at) => tables.get(at),
    claimState: async (key, owner) => claimState(key, owner),
    async commit({ key, owner, emits, result, writes }) {
      const claim = claimState(key, owner);
      if (claim !== "open") return { status: "fenced", claim };
      const effects: { at: ItemAddress; after: Item | undefined }[] = [];
      const seen = new Set<string>();
      try {
        for (const [index, write] of writes.entries()) {
          const at = addressOf(write, tables);
          const place = `${at.TableName} ${canonicalItem(at.Key)}`;
          if (seen.has(place)) return severalOf(place);
          seen.add(place);
          const before = tables.get(at);
          const effect = effectOf(write, before, at);
          if (!effect) return { status: "refused", at: index, item: before };
          effects.push({ at, ...effect });
        }
      } catch (error) {
        return { status: "invalid", code: "ValidationException", message: describeError(error).message };
      }
      ledger.endNow({ key, to: "done", emits, ...(result === undefined ? {} : { result }) }, owner);
      for (const { at, after } of effects) tables.set(at, after);
      return { status: "committed" };
    },
  };
}

function addressOf(write: Write, tables: InMemoryTables): ItemAddress {
  const { TableName, Key, Item } = contentOf(write);
  return tables.addressOf(TableName, Key ?? Item ?? {});
}

/**
 * What becomes of the item at a write: `after`, which is `undefined` when it is gone; or nothing, where the condition does not
 * hold.
 */
function effectOf(write: Write, before: Item | undefined, { Key }: ItemAddress) {
  const content = contentOf(write);
  const { ConditionExpression, UpdateExpression, Item } = content;
  const bindings = bindingsOf(content);
  const condition = ConditionExpression ? readCondition(ConditionExpression, bindings) : () => true;
  const actions = UpdateExpression ? readUpdate(UpdateExpression, bindings) : [];
  const unused = bindings.unused();
  if (unused) throw new TransactionError("expression", `${unused} is given, and no expression has it`);
  if (!condition(before ?? {})) return undefined;
  if (write.Delete) return { after: undefined };
  if (write.ConditionCheck) return { after: before };
  return { after: itemAsKept(Item ?? applyUpdate(before ?? Key, actions)) };
}

function severalOf(place: string) {
  return {
    status: "invalid",
    code: "ValidationException",
    message: `Transaction request cannot include multiple operations on one item: ${place}`,
  } as const;
}
