import { parseArgs } from "node:util";
import type { Bench } from "./frame/bench.ts";
import { interleave } from "./frame/interleave.ts";
import { nest } from "./frame/nest.ts";
import { renderTable } from "./frame/table.ts";
import { versionsOf } from "./frame/versions.ts";

/** `npm run bench -- consume|publish|local|limits|new-app [--json] [--runs 5] [--size N] [--only ours,peerTuned]` */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  consume: async () => (await import("./consume/bench.ts")).consumeBench as Bench,
  publish: async () => (await import("./publish/bench.ts")).publishBench as Bench,
  local: async () => (await import("./local/bench.ts")).localBench as Bench,
  limits: async () => (await import("./limits/bench.ts")).limitsBench as Bench,
  "new-app": async () => (await import("./new-app/bench.ts")).newAppBench as Bench,
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
const load = benches[positionals[0] ?? ""];
const runs = Number(values.runs);
if (!load || positionals.length !== 1 || !Number.isInteger(runs) || runs < 1) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join("|")} [--json] [--runs 5] [--size N]`);
  process.exit(2);
}

const bench = await load();
const only = values.only?.split(",");
const contenders = bench.contenders.filter((name) => only === undefined || only.includes(name));
const size = Number(values.size ?? bench.size);
try {
  const figures = await interleave(
    contenders,
    runs,
    (name) => bench.run(name, size),
    (line) => console.error(line),
  );
  const versions = versionsOf(bench.packages);
  const table = renderTable(figures, versions);
  // One contender needs no name: its figures are the answer.
  const answer = bench.contenders.length === 1 ? nest(figures[bench.contenders[0] ?? ""] ?? {}) : figures;
  if (values.json) console.error(table);
  console.log(values.json ? JSON.stringify({ ...answer, runs, versions }) : table);
} finally {
  await bench.close?.();
}
