import { describe, expect, it } from "@jest/globals";
import { doctor } from "../../cli/commands/doctor.ts";
import { plan } from "../../cli/commands/plan.ts";
import { publish } from "../../cli/commands/publish.ts";
import { exitCodes } from "../../cli/index.ts";
import { textOf } from "../house/source.ts";

const page = textOf("docs/cli.md") ?? "";
const sectionOf = (title: string) => page.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";

describe("docs/cli.md", () => {
  it.each([doctor, plan, publish])("tells each option of bus $name, and no other", ({ name, options }) => {
    const rows = sectionOf(`bus ${name}`)
      .split("\n")
      .filter((line) => line.startsWith("| `--"));
    const told = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`--(\w+)`/g)].map(([, option]) => option),
    );

    expect(told.sort()).toEqual(Object.keys(options).sort());
  });

  it("tells each exit code", () => {
    const told = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));

    expect(told).toEqual([exitCodes.done, exitCodes.partial, exitCodes.usage, exitCodes.failed]);
  });

  it("tells each check of the doctor, and no other", () => {
    const sources = [
      ...[
        "archive",
        "bus",
        "delay",
        "jobs",
        "mapping",
        "queues",
        "schedule",
        "subscriptions",
        "target",
        "versions",
      ],
    ].map((name) => textOf(`ops/doctor/judge-${name}.ts`) ?? "");
    const made = sources.flatMap((text) =>
      [...text.matchAll(/\b(?:ok|warn|fail|unseen)\(\s*"([\w-]+)"/g)].map(([, check]) => check),
    );
    const checks = new Set([
      ...made,
      "dead-letters",
      "undelivered",
      "outbox",
      "ledger",
      "limits",
      "jobs",
      "parked",
      "aws-cdk",
      "aws-cdk-lib",
    ]);
    const [, table = ""] = sectionOf("bus doctor").split("| Check |");
    const told = [...table.matchAll(/^\| ((?:`[\w-]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([\w-]+)`/g)].map(([, check]) => check),
    );

    expect(told.sort()).toEqual([...checks].sort());
  });

  it("tells each permission that the doctor needs", () => {
    const needed = [...(textOf("ops/doctor/sdk-reads.ts") ?? "").matchAll(/attempt\("([\w:]+)"/g)].map(
      ([, action]) => action,
    );

    expect(needed.length).toBeGreaterThan(5);
    for (const action of needed) expect(page).toContain(`\`${action}\``);
  });
});
