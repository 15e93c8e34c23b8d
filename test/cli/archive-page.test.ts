import { beforeAll, describe, expect, it } from "@jest/globals";
import { query } from "../../cli/commands/query.ts";
import { tail } from "../../cli/commands/tail.ts";
import { trace } from "../../cli/commands/trace.ts";
import type { BusArchive } from "../../ops/archive/index.ts";
import { askArchive, type Cell, views } from "../../ops/query/index.ts";
import { duckdbVersion } from "../../ops/query/load-duckdb.ts";
import { textOf } from "../house/source.ts";
import { keptBus, minuteMs } from "../ops/archive/kept-bus.ts";

const page = textOf("docs/archive.md") ?? "";
const sectionOf = (title: string) => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
const questions = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql.trim());
const manifest = JSON.parse(textOf("package.json") ?? "{}") as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
let archive: BusArchive;

/** Three orders, one of them published twice, one dead and one without an end; and what is no event. */
beforeAll(async () => {
  const bus = keptBus();
  await bus.events({ id: "o-1", data: { cents: 1_000 } }, { id: "o-2", data: { cents: 500 } });
  await bus.ends({ id: "o-1" }, { id: "o-2", state: "dead", reason: "permanent", attempts: 3 });
  await bus.clock.advance(minuteMs + 5_000);
  await bus.seal();
  await bus.events({ id: "o-3", data: { cents: 1 } }, { id: "o-3", data: { cents: 1 } });
  await bus.message("no event");
  archive = await bus.open();
});

async function answerTo(sql: string): Promise<readonly (readonly Cell[])[]> {
  const { answer, close } = await askArchive({ archive, sql });
  const rows: (readonly Cell[])[] = [];
  for await (const found of answer.pages) rows.push(...found);
  close();
  return rows;
}

describe("docs/archive.md", () => {
  it.each([tail, query, trace])("tells each option of bus $name, and no other", ({ name, options }) => {
    const told = sectionOf(`bus ${name}`)
      .split("\n")
      .filter((line) => line.startsWith("| `--"))
      .flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`--([\w-]+)`/g)].map(([, option]) => option));

    expect(told.sort()).toEqual(Object.keys(options).sort());
  });

  it("tells each view", () => {
    const told = [...sectionOf("bus query").matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);

    expect(told).toEqual(views.map(({ name }) => name));
  });

  it("asks questions that are answered as the page says", async () => {
    const answers = [];
    for (const sql of questions) answers.push(await answerTo(sql));

    expect(answers).toEqual([
      [["2026-11-27T00:00:00Z", 3, 15.01]],
      [["LockStock", 1, 0, 0]],
      [["o-3", "2026-11-27T01:31:05Z"]],
      [["LockStock", "order.created", "permanent", 1, 3]],
      [
        ["/shop/web", 1, 0],
        [null, 0, 1],
      ],
      [
        ["order.created", 3, 1_501],
        [null, 1, null],
      ],
      [["LockStock", 0]],
    ]);
  });

  it("names the releases that were tried", () => {
    const { devDependencies, peerDependencies } = manifest;

    expect(devDependencies["@duckdb/node-api"]).toBe(duckdbVersion);
    expect(peerDependencies["@duckdb/node-api"]).toBe(duckdbVersion);
    expect(page).toContain(`@duckdb/node-api@${duckdbVersion}`);
    expect(page).toContain(`echarts@${devDependencies.echarts}`);
    expect(textOf("cli/chart/svg-chart.ts")).toContain(`"${devDependencies.echarts}"`);
  });
});
