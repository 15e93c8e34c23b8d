import { parseArgs } from "node:util";
import type { Bench } from "./frame/bench.ts";
import { interleave } from "./frame/interleave.ts";
import { nest } from "./frame/nest.ts";
import type { ReportBench } from "./frame/report-bench.ts";
import { renderTable } from "./frame/table.ts";
import { versionsOf } from "./frame/versions.ts";

/** `npm run bench -- consume|publish|local|limits|new-app|replay|reconcile [--json] [--runs 5] [--size N] [--only ours,peerTuned]` */
const benches: Readonly<Record<string, () => Promise<Bench | ReportBench>>> = {
  consume: async () => (await import("./consume/bench.ts")).consumeBench as Bench,
  publish: async () => (await import("./publish/bench.ts")).publishBench as Bench,
  local: async () => (await import("./local/bench.ts")).localBench as Bench,
  limits: async () => (await import("./limits/bench.ts")).limitsBench as Bench,
  "new-app": async () => (await import("./new-app/bench.ts")).newAppBench as Bench,
  replay: async () => (await import("./replay/bench.ts")).replayBench,
  reconcile: async () => (await import("./reconcile/bench.ts")).reconcileBench,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
    size: { type: "string" },
    only: { type: "string" },
  },
});
const allowed = "a whole number from 1 on is allowed";
const load = benches[positionals[0] ?? ""];
const runs = Number(values.runs);
const isCount = (typed: string | undefined) => typed === undefined || /^[1-9]\d{0,8}$/.test(typed);
if (!load || positionals.length !== 1 || !isCount(values.runs) || !isCount(values.size)) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join("|")} [--json] [--runs 5] [--size N]`);
  if (!isCount(values.runs)) console.error(`--runs is ${JSON.stringify(values.runs)}; ${allowed}`);
  if (!isCount(values.size)) console.error(`--size is ${JSON.stringify(values.size)}; ${allowed}`);
  process.exit(2);
}

const bench = await load();
const size = Number(values.size ?? bench.size);
const tell = (line: string) => console.error(line);
if ("report" in bench) await report(bench);
else await sideBySide(bench);

/** A bench with a report of its own, which may fail. */
async function report(bench: ReportBench) {
  const { answer, table, failures } = await bench.report(size, tell);
  const versions = versionsOf(bench.packages);
  if (values.json) tell(table);
  for (const failure of failures) tell(`failed: ${failure}`);
  const pass = failures.length === 0;
  console.log(values.json ? JSON.stringify({ ...answer, pass, versions }) : table);
  if (!pass) process.exitCode = 3;
}

/** Contenders in turn, the median of each figure. */
async function sideBySide(bench: Bench) {
  const only = values.only?.split(",");
  const contenders = bench.contenders.filter((name) => only === undefined || only.includes(name));
  try {
    const figures = await interleave(contenders, runs, (name) => bench.run(name, size), tell);
    const versions = versionsOf(bench.packages);
    const table = renderTable(figures, versions);
    // One contender needs no name: its figures are the answer.
    const answer = bench.contenders.length === 1 ? nest(figures[bench.contenders[0] ?? ""] ?? {}) : figures;
    if (values.json) tell(table);
    console.log(values.json ? JSON.stringify({ ...answer, runs, versions }) : table);
  } finally {
    await bench.close?.();
  }
}
