import { readSettings } from "../../src/env.ts";
import { ledgerTableName } from "../../src/names.ts";
import { dynamoTransactions } from "../../src/transaction/index.ts";
import { createBooker } from "./booker.ts";
import { standAt } from "./crash-points.ts";

const { bus = "", keepMs = 0 } = readSettings() ?? {};

/** Books transfers; its process stands still, to be killed, where a transfer says so. */
export const handler = createBooker({
  store: dynamoTransactions({ table: ledgerTableName(bus), keepMs }),
  die: standAt,
});
