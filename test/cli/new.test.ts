import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { newGroup } from "../../cli/commands/new.ts";
import { runProgram } from "../../cli/index.ts";
import { runTool } from "../../local/tools/index.ts";
import { linkPackages } from "../helpers/linked-app.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const root = temporaryFolder();
const app = join(root, "my-shop");

/** A contract of their own, with all that a first test's data must get right. */
const userRegistered = `
import { defineEvent } from "omnibus-aws";
import * as z from "zod";

export const userRegistered = defineEvent("user.registered", {
  version: 2,
  topic: "users",
  schema: z.object({ class: z.enum(["a", "b"]), plan: z.enum(["free", "paid"]), seats: z.int().min(3), "odd-key": z.string() }),
});
`;

/** `bus new …` in a folder; with what it wrote, and its line of JSON if it was asked for one. */
async function busNew(directory: string, ...words: readonly string[]) {
  const terminal = { ...recordedTerminal(), directory };
  const code = await runProgram({ version: "0.0.0", commands: [newGroup] }, ["new", ...words], terminal);
  const { out, err } = terminal.written;
  const answer: unknown = words.includes("--json") ? JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") : {};
  return { code, out, err, answer };
}

const text = (...path: string[]) => readFileSync(join(app, ...path), "utf8");
const all = (folder = app) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.startsWith("node_modules"))
    .toSorted();

beforeAll(async () => {
  await busNew(root, "app", "my-shop");
});

describe("bus new app", () => {
  it("writes a whole app, its bus named after the folder", () => {
    expect(all()).toEqual(
      expect.arrayContaining([
        ...[".gitignore", "package.json", "cdk.json", "lib/app-stack.ts", "test/lock-stock.test.ts"],
      ]),
    );
    expect(text("bus.ts")).toContain('busName = "myshop"');
    expect(text("README.md")).toMatch(/^# myshop$/m);
    expect(JSON.parse(text("package.json"))).toMatchObject({
      name: "myshop",
      dependencies: { "omnibus-aws": "^0.1.0" },
      devDependencies: { [`@dynoxide/${process.platform}-${process.arch}`]: expect.any(String) },
    });
  });

  it("says in three lines what to do next", async () => {
    const { out, err } = await busNew(root, "app", "said app", "--name", "shop");

    expect(out).toBe("\nnext:\n  cd 'said app' && npm install\n  npm test\n  npm start\n");
    expect(err).toContain("wrote the bus shop into ");
  });

  it("has the feature flags of this project, so that cdk synth has nothing to say", () => {
    const flags = (path: string) => {
      const { context } = JSON.parse(readFileSync(path, "utf8")) as { context: Record<string, unknown> };
      return Object.entries(context).filter(([name]) => name !== "cli-telemetry");
    };

    expect(flags(join(app, "cdk.json"))).toEqual(flags(new URL("../../cdk.json", import.meta.url).pathname));
  });

  it("takes a tarball from here, wherever the app goes", async () => {
    writeFileSync(join(root, "omnibus-aws-9.9.9.tgz"), "");

    await busNew(root, "app", "elsewhere/app", "--package", "omnibus-aws-9.9.9.tgz", "--name", "shopdev");

    const manifest: unknown = JSON.parse(readFileSync(join(root, "elsewhere/app/package.json"), "utf8"));
    expect(manifest).toMatchObject({
      name: "shopdev",
      dependencies: { "omnibus-aws": `file:${join(root, "omnibus-aws-9.9.9.tgz")}` },
    });
  });

  it.each([
    [["my-shop"], 3, "not-empty", "is not empty (.gitignore, README.md, bin, bus.ts, cdk.json, and "],
    [["my-shop/bus.ts"], 3, "not-a-folder", "bus.ts is a file; nothing was written"],
    [["my-shop/bus.ts/below"], 3, "not-writable", "nothing was written: name a folder that you may write to"],

    [["x".repeat(300)], 3, "not-writable", "(ENAMETOOLONG"],
    [["42"], 3, "bus-name", "give one with --name"],
    [["other", "--name", "My-Shop"], 2, "usage", 'bus name "My-Shop" is not allowed'],
    [["other", "--package", "./gone.tgz"], 3, "package-missing", "gone.tgz is no file"],
  ])("refuses %j and writes nothing", async (words, code, error, message) => {
    const before = all();

    const answered = await busNew(root, "app", ...words, "--json");

    expect(answered).toMatchObject({
      code,
      answer: { error: { code: error, message: expect.stringContaining(message) } },
    });
    expect(all()).toEqual(before);
    expect(existsSync(join(root, "other"))).toBe(false);
  });

  it("writes nothing in a dry run", async () => {
    const { code, answer } = await busNew(root, "app", "planned", "--dry-run", "--json");

    expect(code).toBe(0);
    expect(answer).toMatchObject({ written: false, files: expect.arrayContaining(["package.json"]) });
    expect(existsSync(join(root, "planned"))).toBe(false);
  });
});

describe("bus new consumer", () => {
  it("prints what to paste where a stack is not of its own making", async () => {
    const project = join(root, "theirs");
    mkdirSync(join(project, "src/stacks"), { recursive: true });
    writeFileSync(join(project, "package.json"), '{ "devDependencies": { "vitest": "3", "zod": "4" } }');
    const stack = 'import { a } from "../a.js";\nconst bus = new EventBus(this, "Bus", { name: "shop" });\n';
    writeFileSync(join(project, "src/stacks/shop.ts"), stack);

    const { code, out, err } = await busNew(
      ...[join(project, "src"), "consumer", "LockStock", "--on", "order.created", "--mode", "record"],
    );

    expect(code).toBe(0);
    expect(out).toContain('  import { orderCreated } from "../../contracts/order-created.js";\n');
    expect(out).toContain(
      '  new Consumer(this, "LockStock", { bus, on: [orderCreated], mode: "record", entry: "lambdas/lock-stock.ts" });\n',
    );
    expect(out).toContain("add orderCreated to `contracts` of new EventBus(…)");
    expect(err).toContain("  test/lock-stock.test.ts\n");
    expect(readFileSync(join(project, "src/stacks/shop.ts"), "utf8")).toBe(stack);
    expect(readFileSync(join(project, "test/lock-stock.test.ts"), "utf8")).toContain(
      'import { test } from "vitest";',
    );
    expect(readFileSync(join(project, "lambdas/lock-stock.ts"), "utf8")).toContain(
      'from "../contracts/order-created.js";',
    );
  });

  it.each([
    [
      ["LockStock", "--on", "order.created"],
      3,
      "consumer-taken",
      "lib/app-stack.ts has a consumer LockStock",
    ],
    [
      ["lock-stock", "--on", "order.created"],
      3,
      "file-exists",
      "lambdas/lock-stock.ts, test/lock-stock.test.ts",
    ],
    [["My-dead", "--on", "order.created"], 2, "usage", 'consumer name "My-dead" is reserved'],
    [["My Own", "--on", "order.created"], 2, "usage", 'consumer name "My Own" is not allowed'],
    [["Pay", "--on", "order"], 2, "usage", 'event type "order" is not allowed'],
    [["Pay", "--on", "bill.paid", "--topic", "Bills"], 2, "usage", 'topic "Bills" is not allowed'],
    [["Pay"], 2, "usage", "--on is missing"],
    [["Pay", "--on", "bill.paid", "--mode", "twice"], 2, "usage", "give once or record or none"],
    [["Pay", "--on", "order.created", "--fifo"], 3, "not-ordered", "travels on a standard topic"],
    [["Pay", "--on", "a.b", "--emits", "c.d", "--mode", "none"], 3, "mode-none-emits", "would emit again"],
    [["Import", "--on", "a.b", "--language", "python"], 3, "python-name", "import is a word of Python's own"],
    [["Json", "--on", "a.b", "--language", "python"], 3, "python-name", "would be the file json.py"],
    [["Omnibus", "--on", "a.b", "--language", "python"], 3, "python-name", "is a module's name already"],
    [["Pay", "--on", "a.b", "--contract", "gone.ts"], 3, "contract-missing", "order.created in contracts/"],
  ])("refuses %j and writes nothing", async (words, code, error, message) => {
    const before = all();

    const answered = await busNew(app, "consumer", ...words, "--json");

    expect(answered).toMatchObject({
      code,
      answer: { error: { code: error, message: expect.stringContaining(message) } },
    });
    expect(all()).toEqual(before);
  });

  it("refuses a folder that is in no project", async () => {
    const { code, err } = await busNew(root, "consumer", "Pay", "--on", "bill.paid");

    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining("is in no project") });
  });

  it("writes nothing in a dry run", async () => {
    const before = all();

    const { code, answer } = await busNew(
      ...[app, "consumer", "Pay", "--on", "bill.paid", "--dry-run", "--json"],
    );

    expect(code).toBe(0);
    expect(answer).toMatchObject({ written: false, changed: ["lib/app-stack.ts", "contracts/index.ts"] });
    expect(all()).toEqual(before);
    expect(text("lib/app-stack.ts")).not.toContain("Pay");
  });

  it("writes consumers of every kind that type-check, pass their tests and synthesize", async () => {
    await linkPackages(app);
    writeFileSync(join(app, "contracts/user-registered.ts"), userRegistered);
    const asked = [
      "SendReceipt --on order.created",
      "TellWarehouse --on order.created --emits warehouse.told",
      "KeepTotals --on order.created --mode record",
      "ShowOrder --on order.created --mode none",
      "MoveStock --on stock.moved --fifo",
      "KeepStock --on stock.moved --mode record",
      "TellStock --on stock.moved --emits shelf.emptied --mode record",
      "Score --on order.created --language python",
      "ScoreStock --on stock.moved --language python --emits score.changed --mode record",
      "CountStock --on stock.moved --language python --mode none",
      "PayHTTPBill --on bill-item.paid --topic billing",
      "Welcome --on user.registered --contract contracts/user-registered.ts",
      "GreetInPython --on user.registered --language python",
    ].map((line) => line.split(" "));
    const run = (...words: string[]) => runTool(process.execPath, words, { directory: app });

    const script = new URL("../helpers/new-consumers.ts", import.meta.url).pathname;
    const answers = (await run(script, app, JSON.stringify(asked))).trim().split("\n");
    await run("node_modules/typescript/bin/tsc", "--pretty", "false");
    const report = await run("--test", "--test-isolation=none", "--test-reporter=tap");
    await run("bin/app.ts");

    expect(answers.map((line) => JSON.parse(line))).toEqual(
      asked.map((words) =>
        expect.objectContaining({
          written: true,
          // A contract that the stack's list has not stays for its author to add.
          changed: words.includes("user.registered") ? [] : expect.arrayContaining(["lib/app-stack.ts"]),
        }),
      ),
    );
    expect(text("test/welcome.test.ts")).toContain(
      '{ class: "a", plan: "free", seats: 3, "odd-key": "odd-key-1" };',
    );
    expect(text("lambdas/welcome.ts")).toContain("{ plan: event.data.plan, ");
    // Two each of plain and fifo, one of each other; Python's own count as one.
    expect(/^# (pass|fail) \d+$/gm.exec(report)?.[0]).toBe("# pass 19");
    expect(report).toContain("\n# fail 0\n");
    expect(text("contracts/bill-item-paid.ts")).toContain('topic: "billing"');
    expect(all()).toContain("lambdas/pay-http-bill.ts");
  }, 180_000);
});
