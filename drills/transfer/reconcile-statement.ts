import { reconciler } from "../../src/reconcile/index.ts";
import { type RunOf, statementFile } from "./names.ts";
import { bankA, bankBStatement } from "./sides.ts";

/** Written in by the bundler: `stack.ts`. */
declare const thisRun: RunOf;

/** Bank A's debits against the statement that bank B has written: another way to the same answer. */
export const handler = reconciler({
  left: bankA(),
  right: (settings) => bankBStatement(statementFile(thisRun.folder), settings),
});
