import { TransactionError } from "../errors.ts";
import { bindingsOf } from "./expression/bindings.ts";
import { type Operand, readUpdate, type UpdateAction } from "./expression/update.ts";
import { isEqual } from "./expression/values.ts";
import type { ItemAddress, Write } from "./ports.ts";
import { contentOf } from "./refuse-writes.ts";
import { tableNameOf } from "./table-name.ts";

/**
 * Throws `TransactionError` (`bare-overwrite`) for a write over an item that was read before, where nothing makes sure that it
 * still is as it was read: what another one has written in between would be lost. A condition makes sure, and so does an
 * update that starts from what stands there (`ADD cents :some`, `SET cents = cents - :some`).
 */
export function refuseOverwrites(writes: readonly Write[], reads: readonly ItemAddress[]): void {
  for (const write of writes) {
    const { ConditionExpression, TableName } = contentOf(write);
    if (ConditionExpression || write.ConditionCheck) continue;
    const read = reads.find((one) => isOver(write, one));
    if (!read || (write.Update && startsFromTheItem(write))) continue;
    throw new TransactionError(
      "bare-overwrite",
      `${Object.keys(write)[0]} over the item ${JSON.stringify(read.Key)} of ${TableName}, which was read before: what others have written since would be lost; give it a ConditionExpression on what was read, or let the update start from what stands there (ADD cents :some, SET cents = cents - :some)`,
    );
  }
}

function isOver(write: Write, { TableName, Key }: ItemAddress): boolean {
  const content = contentOf(write);
  const written = content.Key ?? content.Item ?? {};
  return (
    tableNameOf(content.TableName) === tableNameOf(TableName) &&
    Object.entries(Key).every(([name, value]) => {
      const other = written[name];
      return other !== undefined && isEqual(other, value);
    })
  );
}

function startsFromTheItem(write: Write): boolean {
  const { UpdateExpression = "" } = contentOf(write);
  return readUpdate(UpdateExpression, bindingsOf(contentOf(write))).every(isRelative);
}

function isRelative(action: UpdateAction): boolean {
  if (action.does === "SET") return readsItem(action.to);
  return action.does !== "REMOVE";
}

function readsItem(operand: Operand): boolean {
  switch (operand.is) {
    case "value":
      return false;
    case "path":
    case "if_not_exists":
      return true;
    default:
      return readsItem(operand.first) || readsItem(operand.second);
  }
}
