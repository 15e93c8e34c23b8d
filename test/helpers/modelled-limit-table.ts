import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { type Clock, sleep } from "../../src/clock.ts";
import type { DynamoCalls } from "../../src/limits/index.ts";

/** The table of limits, as far as limits use it: for virtual time, where no engine answers. It counts what it is asked. */
export interface ModelledLimitTable {
  readonly calls: DynamoCalls;
  /** Items written, or tried to: a refused write costs as much. */
  writes(): number;
}

type Row = Map<string, number>;
type Write = Pick<
  UpdateItemCommandInput,
  "Key" | "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"
>;

/** Makes one; both ways to it take `wayMs` each, by chance up to twice as long. */
export function modelledLimitTable(clock: Clock, { wayMs }: { wayMs: number }): ModelledLimitTable {
  const rows = new Map<string, Row>();
  let count = 0;
  const way = () => sleep(clock, wayMs * (1 + clock.random()));
  const rowOf = ({ Key }: Write): Row => {
    const key = Key?.pk?.S ?? "";
    const row = rows.get(key) ?? new Map();
    rows.set(key, row);
    return row;
  };
  const shown = (row: Row) =>
    row.size === 0
      ? undefined
      : Object.fromEntries([...row].map(([name, value]) => [name, { N: String(value) }]));
  const storeMs = () => Math.floor(clock.nowMs() / 1_000) * 1_000;

  return {
    writes: () => count,
    calls: {
      async update(input) {
        count += 1;
        await way();
        const row = rowOf(input);
        const written = holds(input, row);
        if (written) write(input, row);
        const item = shown(row);
        const answer = { storeMs: storeMs() };
        await way();
        return {
          ...answer,
          outcome: written ? { status: "written", item } : { status: "refused", items: [item] },
        };
      },
      async transact(items) {
        count += items.length;
        await way();
        const writes = items.map(({ Update: update }) => update as Write);
        const written = writes.every((one) => holds(one, rowOf(one)));
        if (written) for (const one of writes) write(one, rowOf(one));
        const answer = { storeMs: storeMs() };
        const seen = writes.map((one) => shown(rowOf(one)));
        await way();
        return { ...answer, outcome: written ? { status: "written" } : { status: "refused", items: seen } };
      },
    },
  };
}

function holds({ ConditionExpression = "", ...write }: Write, row: Row): boolean {
  return ConditionExpression.split(" OR ").some((either) =>
    either.split(" AND ").every((clause) => {
      const absent = /^attribute_not_exists\((\w+)\)$/.exec(clause);
      if (absent) return !row.has(absent[1] as string);
      const [, name = "", sign = "", value = ""] = /^(\w+) (<=|>=|>|=) (:\w+)$/.exec(clause) ?? [];
      const [left, right] = [row.get(name), numberOf(write, value)];
      if (left === undefined || sign === "") return false;
      if (sign === "=") return left === right;
      if (sign === ">") return left > right;
      return sign === "<=" ? left <= right : left >= right;
    }),
  );
}

function write(update: Write, row: Row): void {
  for (const [, name = "", plus, value = ""] of (update.UpdateExpression ?? "").matchAll(
    /(\w+) (?:= (?:\w+ (\+) )?)?(:\w+)/g,
  )) {
    const adds = plus !== undefined || new RegExp(`ADD ${name} `).test(update.UpdateExpression ?? "");
    row.set(name, (adds ? (row.get(name) ?? 0) : 0) + numberOf(update, value));
  }
}

function numberOf(
  { ExpressionAttributeValues: values }: Pick<Write, "ExpressionAttributeValues">,
  name: string,
) {
  return Number(values?.[name]?.N);
}
