import type { ConsumerSettings } from "../../src/env.ts";
import {
  jobsKeyAttribute,
  jobsSortAttribute,
  ledgerKeyAttribute,
  limitKeyAttribute,
  parkedKeyAttribute,
  parkedSortAttribute,
} from "../../src/names.ts";
import type { BusFacts, Read, TableFacts } from "./facts.ts";
import { type Finding, fail, ok, unseen, warn } from "./finding.ts";

/** The tables of a bus: each is needed by those consumers alone whose settings say so. */
export function judgeTables(
  { bus, ledger, limits, jobs, parked }: BusFacts,
  settings: readonly ConsumerSettings[],
): readonly Finding[] {
  return [
    judgeTable("ledger", bus, ledger, {
      key: ledgerKeyAttribute,
      needing: settings.filter(({ mode }) => mode !== "none"),
    }),
    judgeTable("limits", bus, limits, {
      key: limitKeyAttribute,
      needing: settings.filter(({ limits: own = [] }) => own.length > 0),
    }),
    judgeTable("jobs", bus, jobs, {
      key: `${jobsKeyAttribute},${jobsSortAttribute}`,
      needing: settings.filter(({ breaker }) => breaker !== undefined),
    }),
    judgeTable("parked", bus, parked, {
      key: `${parkedKeyAttribute},${parkedSortAttribute}`,
      needing: settings.filter(({ onPoison }) => onPoison === "park"),
    }),
  ];
}

/** What becomes of consumers that need a table which is not there. */
const without = {
  ledger: "their handlers do not run without it",
  limits: "their handlers do not run without it",
  jobs: "nothing can hold them, not even an outage",
  parked: "nothing of theirs is handled without it",
} as const;

const names = { ledger: "ledger", limits: "limits", jobs: "jobs", parked: "parked groups" } as const;

function judgeTable(
  check: keyof typeof without,
  bus: string,
  table: Read<TableFacts>,
  { key, needing }: { readonly key: string; readonly needing: readonly ConsumerSettings[] },
): Finding {
  if ("denied" in table) return unseen(check, `table ${check} of bus ${bus}`, table.denied);
  if ("missing" in table) {
    return needing.length === 0
      ? ok(check, `bus ${bus}: no such table, and no consumer needs one`)
      : fail(
          check,
          `bus ${bus} has no table for its ${names[check]}, and ${needing.map(({ consumer }) => consumer).join(", ")} need one: ${without[check]}`,
          "deploy the stack of the bus where its consumers are",
        );
  }
  const { name, status, keys } = table.found;
  if (keys.join() !== key) {
    return fail(
      check,
      `${name} has the key (${keys.join(", ")}) instead of (${key}): nothing can be written`,
      "give that table another name, and deploy the stack of the bus",
    );
  }
  if (status !== "ACTIVE")
    return warn(check, `${name} is ${status}`, "wait until it is ACTIVE, then look again");
  return ok(check, `${name} is active`);
}
