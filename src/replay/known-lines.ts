import { type LedgerItem, type LedgerReader, ledgerKey } from "../ledger/index.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";

/** Items that the ledger hands out in one call. (API_BatchGetItem) */
export const lookedUpAtOnce = 100;

/** What the ledger knows of each line's event at a consumer, its first run or that of a replay; in the order of the lines. */
export function itemsOfLines(
  ledger: LedgerReader,
  consumer: string,
  lines: readonly PickedLine[],
): Promise<readonly (LedgerItem | undefined)[]> {
  return ledger.read(
    lines.map((line) => {
      const fields = fieldsOf(line);
      return ledgerKey({ consumer, source: fields("source") ?? "", id: fields("id") ?? "" });
    }),
  );
}
