import type { Write } from "../../src/transaction/index.ts";
import { booksTable } from "./names.ts";
import type { Transfer } from "./transfers.ts";

/** What books a transfer: two balances, and how often this transfer was booked. */
export function booking({ index, from, to, cents }: Transfer): readonly Write[] {
  return [add(from, "cents", -cents), add(to, "cents", cents), add(`transfer-${index}`, "times", 1)];
}

function add(id: string, name: string, number: number): Write {
  return {
    Update: {
      TableName: booksTable,
      Key: { id: { S: id } },
      UpdateExpression: "ADD #name :number",
      ExpressionAttributeNames: { "#name": name },
      ExpressionAttributeValues: { ":number": { N: String(number) } },
    },
  };
}
