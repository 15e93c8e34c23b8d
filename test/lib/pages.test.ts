import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { guards } from "../../lib/index.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { guardFiles } from "./write-guards.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
/** The options of one interface: what stands in its block. */
const optionsOf = (path: string, type: string) => {
  const [, block = ""] = textOf(path).split(new RegExp(`export interface ${type}\\b`));
  const [body = ""] = block.split("\n}");
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => `\`${name}\``);
};
const pages = {
  consumer: textOf("docs/consumer.md"),
  bus: textOf("docs/event-bus.md"),
  python: textOf("docs/python.md"),
  limits: textOf("docs/limits.md"),
  order: textOf("docs/order.md"),
  outage: textOf("docs/outage.md"),
  transactions: textOf("docs/transactions.md"),
  stages: textOf("docs/stages.md"),
};
const folder = temporaryFolder();

describe("the pages of the constructs", () => {
  it.each(Object.keys(guardFiles()))("and %s tell of the guards what synthesis tells", (path) => {
    // node test/lib/write-guards.ts brings it up to date.
    expect(textOf(path)).toBe(guardFiles()[path]);
  });

  it("have a section for every guard, where a link to it leads", () => {
    const page = textOf("docs/guards.md");

    expect(guards.map(({ id }) => id).filter((id) => !page.includes(`\n### ${id}\n`))).toEqual([]);
  });

  it("name every option", () => {
    const consumer = optionsOf("lib/consumer-props.ts", "ConsumerProps");
    const bus = optionsOf("lib/event-bus.ts", "EventBusProps");

    expect(consumer).toContain("`parallel`");
    expect(bus).toContain("`contracts`");
    expect(consumer.filter((name) => !pages.consumer.includes(name))).toEqual([]);
    expect(bus.filter((name) => !pages.bus.includes(name))).toEqual([]);
  });

  it("show code that compiles", () => {
    const blocks = Object.entries(pages).flatMap(([page, text]) =>
      [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(
        ([, code = ""], i) => [`${page}-${i}.ts`, code] as const,
      ),
    );
    for (const [name, code] of blocks) writeFileSync(join(folder, name), code);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const paths = {
      "omnibus-aws": [join(root, "src/index.ts")],
      "omnibus-aws/cdk": [join(root, "lib/index.ts")],
      "omnibus-aws/testing": [join(root, "local/testing/index.ts")],
    };
    const settings = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: { paths, typeRoots: [join(root, "node_modules/@types")] },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));

    const { stdout, status } = spawnSync(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      folder,
    ]);

    expect(blocks.length).toBe(18);
    expect(String(stdout)).toBe("");
    expect(status).toBe(0);
  }, 60_000);
});
