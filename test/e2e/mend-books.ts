import { BatchWriteItemCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Emulator } from "../../local/emulator/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import type { ShortReport } from "../../src/reconcile/index.ts";
import { runBus } from "../helpers/run-bus.ts";
import { booksAt, job, type Line, tables } from "./books.ts";

const lookMs = 2_000;

/** Fills both tables. */
export async function fillBooks({ client }: Emulator): Promise<void> {
  const dynamodb = new DynamoDBClient(client);
  const books = booksAt(systemClock.nowMs());
  try {
    for (const side of ["left", "right"] as const) {
      const puts = books[side].map(({ id, cents, atMs }) => ({
        PutRequest: { Item: { id: { S: id }, cents: { N: String(cents) }, at: { N: String(atMs) } } },
      }));
      for (let at = 0; at < puts.length; at += 25) {
        const RequestItems = { [tables[side]]: puts.slice(at, at + 25) };
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
      }
    }
  } finally {
    dynamodb.destroy();
  }
}

/** Both tables as they stand, each sorted by id. */
export async function readBooks({ client }: Emulator): Promise<readonly (readonly Line[])[]> {
  const dynamodb = new DynamoDBClient(client);
  try {
    const read = async (TableName: string) => {
      const lines: Line[] = [];
      for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName })) {
        for (const { id, cents, at } of Items) {
          lines.push({ id: id?.S ?? "", cents: Number(cents?.N), atMs: Number(at?.N) });
        }
      }
      return lines.sort((one, other) => (one.id < other.id ? -1 : 1));
    };
    return await Promise.all(Object.values(tables).map(read));
  } finally {
    dynamodb.destroy();
  }
}

/** What the job's schedule has found, or `undefined` where it has not run within `patienceMs`. */
export async function foundBySchedule(
  emulator: Emulator,
  { patienceMs, signal }: { readonly patienceMs: number; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, number>> | undefined> {
  for (let waitedMs = 0; waitedMs <= patienceMs && !signal.aborted; waitedMs += lookMs) {
    const { code, answer } = await ask<{
      readonly jobs: readonly { readonly open: { readonly classes: Readonly<Record<string, number>> } }[];
    }>(emulator, ["status", job]);
    const classes = code === 0 ? answer?.jobs[0]?.open?.classes : undefined;
    if (classes && Object.keys(classes).length > 0) return classes;
    await sleep(systemClock, lookMs, signal);
  }
  return undefined;
}

/** `bus reconcile run`: its report. */
export async function runJob(emulator: Emulator): Promise<ShortReport | undefined> {
  return (await ask<{ readonly report: ShortReport }>(emulator, ["run", job])).answer?.report;
}

/** `bus reconcile plan`, and `bus reconcile apply` of that: how many it repaired. */
export async function mendByPlan(emulator: Emulator): Promise<number> {
  const planned = await ask<{ readonly plan: { readonly id: string } }>(emulator, ["plan", job]);
  const id = planned.answer?.plan.id;
  if (id === undefined) throw new Error(`bus reconcile plan: ${planned.said}`);
  const applied = await ask<{ readonly counts: { readonly repaired?: number } }>(emulator, [
    "apply",
    id,
    "--yes",
  ]);
  if (applied.code !== 0) throw new Error(`bus reconcile apply: ${applied.said}`);
  return applied.answer?.counts.repaired ?? 0;
}

async function ask<Answer>(emulator: Emulator, words: readonly string[]) {
  const { ended, written } = runBus(["reconcile", ...words, "--json"], { environment: emulator.env });
  const code = await ended;
  const line = written.out.trim().split("\n").at(-1) ?? "";
  const answer = line.startsWith("{") ? (JSON.parse(line) as Answer) : undefined;
  return { code, answer, said: `${written.err}\n${line}`.trim() };
}
