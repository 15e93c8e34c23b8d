import { join } from "node:path";
import { reconcilerName } from "../../src/names.ts";
import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus between the two banks. */
export const bus = "interbank";

/** Bank B's consumer, which credits what bank A has debited. */
export const consumer = drillConsumer(bus, "Credit");

/** The reconciliations: of the two books, and of bank A's book with the statement that bank B writes. */
export const transfersJob = "Transfers";
export const statementJob = "Statement";
export const transfersFunction = reconcilerName(bus, transfersJob);

/** Bank A's tables in DynamoDB: each debit, and what is left on its account. */
export const debitsTable = `${bus}-debits`;
export const accountsTable = `${bus}-accounts`;
/** The index of debits by the span of time they lie in. */
export const bySpan = "by-span";
export const reportsBucket = `${bus}-reports`;

/** Bank B's files: its book in SQLite, and the statement. */
export const bookFile = (folder: string): string => join(folder, "bank-b.db");
export const statementFile = (folder: string): string => join(folder, "statement.csv");

/** What one run's functions and programs have to know. */
export interface RunOf {
  /** Where bank B has its files. */
  readonly folder: string;
  readonly transfers: number;
  readonly settleSeconds: number;
  /** Nothing before this is compared. */
  readonly beginMs: number;
}
