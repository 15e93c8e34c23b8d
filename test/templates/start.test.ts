import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { newGroup } from "../../cli/commands/new.ts";
import { runProgram } from "../../cli/index.ts";
import { project } from "../../package/index.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const page = readFileSync(join(project, "docs/start.md"), "utf8");
const readme = readFileSync(join(project, "templates/app/README.md"), "utf8");
const folder = temporaryFolder();
const shop = join(folder, "shop");

async function run(directory: string, words: readonly string[]) {
  const terminal = { ...recordedTerminal(), directory };
  const code = await runProgram({ version: "0.0.0", commands: [newGroup] }, words, terminal);
  return { code, said: terminal.written };
}

/** Every `bus new …` that a page tells its reader to type. */
function commandsIn(text: string, what: string): readonly string[] {
  return [...text.matchAll(new RegExp(`npx (?:bus|omnibus-aws) (new ${what} [^\`\\n]*)`, "g"))].map(
    ([, words = ""]) => words,
  );
}

beforeAll(async () => {
  for (const command of commandsIn(page, "app")) await run(folder, command.split(" "));
});

describe("docs/start.md", () => {
  it("makes the app that it goes on with, which has the files that it names", () => {
    const named = [...page.matchAll(/^\| `([\w./-]+)` \|/gm)].map(([, file = ""]) => file);

    expect(named.length).toBe(5);
    expect(named.filter((file) => !existsSync(join(shop, file)))).toEqual([]);
  });

  it.each([...commandsIn(page, "consumer"), ...commandsIn(readme, "consumer")])(
    "may say %s",
    async (command) => {
      const { code, said } = await run(shop, [...command.split(" "), "--dry-run"]);

      expect({ code, err: said.err }).toEqual({ code: 0, err: expect.stringContaining("would write") });
    },
  );

  it("shows its test as the app has it", () => {
    const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    const shown = code
      .split("\n")
      .filter((line) => line.startsWith("import ") || line.startsWith("const bus"));
    const test = readFileSync(join(project, "templates/handlers/test/plain.test.ts"), "utf8");

    expect(shown.length).toBe(4);
    expect(shown.filter((line) => !test.includes(line.replace("lock-stock", "plain")))).toEqual([]);
  });
});
