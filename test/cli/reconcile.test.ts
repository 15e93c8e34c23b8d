import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { reconcile } from "../../cli/commands/reconcile.ts";
import { runProgram } from "../../cli/index.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;
const hourMs = 3_600_000;
const days = 4;
/** Transfers that the right side lacks, and one whose amount is another one there. */
const lacking = Array.from({ length: 12 }, (_, index) => `transfer-${index * 3}`);
const wrong = "transfer-40";

const app = (startMs: number) => `
import { Bucket } from "aws-cdk-lib/aws-s3";
import { App, Duration, Stack } from "aws-cdk-lib/core";
import { EventBus, Reconciler } from "../../lib/index.ts";
const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Bank");
const bus = new EventBus(stack, "Bus", { name: "bank", topics: ["transfers"], archive: false, governor: false });
const bucket = new Bucket(stack, "Reports", { bucketName: "bank-reports" });
new Reconciler(stack, "Transfers", {
  bus, bucket, entry: import.meta.dirname + "/transfers.ts",
  every: Duration.hours(6), settle: Duration.minutes(1), begin: new Date(${startMs}),
});
`;
/** Two files; a repair appends to the right one, slowly while there is a file that says so. */
const transfers = (folder: string) => `
import { appendFileSync, existsSync } from "node:fs";
import { fileSource, reconciler } from "../../src/reconcile/index.ts";
const folder = ${JSON.stringify(folder)};
const side = (name) => fileSource({
  name, file: folder + "/" + name + ".ndjson", format: "ndjson",
  entryOf: ({ key, timeMs, cents }) => ({ key, timeMs, fields: { cents } }),
});
export const handler = reconciler({
  left: side("bank-a"),
  right: side("bank-b"),
  amountOf: ({ left, right }) => Number((left[0] ?? right[0])?.fields.cents),
  repair: async ({ key, class: as, left: [entry] }, ctx) => {
    if (as !== "missing-right") throw new Error("nobody knows which amount is right");
    if (existsSync(folder + "/slow")) await new Promise((resolve) => setTimeout(resolve, 700));
    appendFileSync(folder + "/bank-b.ndjson", JSON.stringify({ key, timeMs: entry.timeMs, ...entry.fields }) + "\\n");
    appendFileSync(folder + "/calls", key + " " + ctx.effectKey + " " + ctx.by + "\\n");
  },
});
`;

let folder: string;
let cloud: RunningBus;
let here: NodeJS.ProcessEnv;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "reconcile-test-"));
  const startMs = Math.floor(Date.now() / hourMs) * hourMs - days * 24 * hourMs;
  const lines = (hides: (key: string) => boolean, odd = "") =>
    Array.from({ length: 48 }, (_, index) => ({
      key: `transfer-${index}`,
      timeMs: startMs + index * hourMs,
      cents: index * 5,
    }))
      .filter(({ key }) => !hides(key))
      .map((line) => `${JSON.stringify(line.key === odd ? { ...line, cents: 1 } : line)}\n`)
      .join("");
  const files = {
    "cdk.json": '{ "app": "node app.ts" }',
    "app.ts": app(startMs),
    "transfers.ts": transfers(folder),
    "bank-a.ndjson": lines(() => false),
    "bank-b.ndjson": lines((key) => lacking.includes(key), wrong),
    calls: "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  cloud = runBus(["local", "--port", "0", "--json"], { cwd: folder });
  const { endpoint } = (await cloud.json()) as { endpoint: string };
  here = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  };
}, 180_000);

afterAll(async () => {
  cloud?.child.kill("SIGKILL");
  await cloud?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command to its end. */
const bus = (...words: readonly string[]) =>
  busHere([reconcile], ["reconcile", ...words], { directory: folder, environment: here });

const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n").filter(Boolean);

describe("bus reconcile run", () => {
  it("runs a large job in parts to its end, and tells what differs", async () => {
    const { code, out, err } = await bus("run");

    expect({ code, err: err.split("\n")[0] }).toEqual({
      code: 3,
      err: expect.stringContaining(`target: ${here.AWS_ENDPOINT_URL}, account 000000000000`),
    });
    expect(out).toMatch(/^bank-Transfers: differ$/m);
    expect(out).toMatch(/^ {2}open 13 \(missing-right 12, mismatch 1\)$/m);
    expect(out).toMatch(/^ {2}report: s3:\/\/bank-reports\/reports\/Transfers\/latest\.html$/m);
  }, 90_000);
});

describe("bus reconcile status", () => {
  it("tells how each job stands, with what was open in its last runs", async () => {
    const { code, out } = await bus("status");
    const one = await bus("status", "Transfers", "--json");

    expect(code).toBe(0);
    expect(out).toMatch(/^JOB +STATE +OPEN +OLDEST/);
    expect(out).toMatch(/^bank-Transfers +differ +13 .* (held|not held) +[▁▂▃▄▅▆▇█ ]+$/m);
    expect(one.json.jobs).toMatchObject([
      {
        job: "Transfers",
        state: "differ",
        open: { differences: 13, classes: { mismatch: 1 } },
        unknownSpans: 0,
      },
    ]);
  }, 60_000);

  it("shows one job at length, with bars", async () => {
    const { out } = await bus("status", "Transfers");

    expect(out).toMatch(/^ {2}missing-right +12 +█{30}$/m);
    expect(out).toMatch(/^ {2}mismatch +1 +█+$/m);
  }, 60_000);
});

describe("bus reconcile show", () => {
  it("lists what is open, chosen and page by page", async () => {
    const some = await bus("show", "Transfers", "--class", "missing-right", "--limit", "5");
    const none = await bus("show", "Transfers", "--older", "2h");

    expect(some.code).toBe(0);
    expect(some.out).toMatch(/^CLASS +KEY +HAPPENED +OPEN FOR +WHAT DIFFERS$/m);
    expect(some.out).toMatch(/^missing-right +transfer-\d+ .* bank-a has it \(cents \d+\), bank-b has not$/m);
    expect(some.out.trimEnd().split("\n")).toHaveLength(6);
    expect(some.err).toContain("12 open; 7 more: give --skip 5");
    expect(none).toMatchObject({ code: 0, out: "" });
  }, 60_000);

  it("shows one key field by field", async () => {
    const { out } = await bus("show", "Transfers", wrong);

    expect(out).toMatch(/^transfer-40 mismatch$/m);
    expect(out).toMatch(/^ +≠ +cents +200 +1$/m);
    expect((await bus("show", "Transfers", "nobody")).err).toContain('nothing is open about "nobody"');
  }, 60_000);
});

describe("bus reconcile plan and apply", () => {
  it("plans, asks, repairs what can be, and goes on where it was killed, each once", async () => {
    const planned = await bus("plan", "--out", "plan.json");
    expect(planned.code).toBe(0);
    expect(planned.out).toContain(
      "13 (amounts 1,190): missing-right 12 (amounts 990), mismatch 1 (amounts 200)",
    );
    const [, id = ""] = /to repair by it: bus reconcile apply ([\da-f]{16})/.exec(planned.err) ?? [];

    const asked = await bus("apply", id.slice(0, 8));
    expect(asked).toMatchObject({
      code: 0,
      err: expect.stringContaining(
        "would repair 13 of bank-Transfers; nothing was changed: give --yes to do it",
      ),
    });
    expect(calls()).toEqual([]);

    writeFileSync(join(folder, "slow"), "");
    const killed = runBus(["reconcile", "apply", id, "--yes"], { cwd: folder, environment: here });
    await eventually("some are repaired", () => calls().length >= 3, 60_000);
    killed.child.kill("SIGKILL");
    await killed.ended;
    rmSync(join(folder, "slow"));
    await eventually(
      "the slice that was asked for has ended",
      async () => {
        const { json } = await bus("apply", "plan.json", "--yes", "--json");
        return json.counts.held === undefined;
      },
      90_000,
    );

    expect(
      calls()
        .map((line) => line.split(" ")[0])
        .sort(),
    ).toEqual([...lacking].sort());
    expect(calls()[0]).toMatch(/^transfer-0 [\da-f]{32} arn:aws:/);
    const again = await bus("apply", id, "--yes", "--json");
    expect(again).toMatchObject({ code: 1, json: { counts: { done: 12, failed: 1 } } });
    expect(again.json.told).toContainEqual(
      expect.objectContaining({
        key: wrong,
        outcome: "failed",
        message: expect.stringContaining("nobody knows"),
      }),
    );
    expect(calls()).toHaveLength(lacking.length);
  }, 240_000);

  it("refuses a plan that was changed, and one that is none", async () => {
    const plan = readFileSync(join(folder, "plan.json"), "utf8");
    writeFileSync(join(folder, "changed.json"), plan.replace("transfer-3", "transfer-4"));
    writeFileSync(join(folder, "none.json"), "{}");

    expect(await bus("apply", "changed.json", "--yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining("was changed since it was made"),
    });
    expect(await bus("apply", "none.json")).toMatchObject({
      code: 2,
      err: expect.stringContaining("no plan"),
    });
    expect(await bus("apply", "ffff")).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is no plan ffff"),
    });
  }, 60_000);
});

describe("bus reconcile report", () => {
  it("writes the page of the latest run", async () => {
    const line = readFileSync(join(folder, "bank-b.ndjson"), "utf8");
    writeFileSync(join(folder, "bank-b.ndjson"), line.replace('"cents":1}', '"cents":200}'));
    expect(await bus("run", "Transfers", "--json")).toMatchObject({
      code: 0,
      json: { report: { verdict: "agree", open: { differences: 0 } } },
    });

    const { code, out } = await bus("report", "--out", "page.html");

    expect({ code, out }).toEqual({ code: 0, out: `${join(folder, "page.html")}\n` });
    const page = readFileSync(join(folder, "page.html"), "utf8");
    expect(page).toContain('<span class="verdict agree">agree</span>');
    expect(page).toContain("arn:aws:");
    expect((await bus("report", "Transfers", "--json")).json).toMatchObject({ v: 1, verdict: "agree" });
  }, 90_000);
});

describe("bus reconcile", () => {
  it.each([
    [["status", "Nobody"], 'there is no reconciliation "Nobody" here; there is bank-Transfers'],
    [["status", "--bus", "shop"], 'no reconciliation here belongs to a bus "shop"; there is bank'],
  ])(
    "answers what is wrong with %j",
    async (words, message) => {
      const ended = await bus(...words);

      expect(ended).toMatchObject({ code: 2, out: "" });
      expect(ended.err).toContain(message);
    },
    60_000,
  );

  it.each([
    [["show"], "missing required argument"],
    [["show", "Transfers", "--class", "lost"], "is not allowed: give missing-left or missing-right"],
    [["show", "Transfers", "--older", "soon"], "is no length of time"],
    [["apply"], "missing required argument"],
    [["plan", "--limit", "0"], "is no count"],
  ])("refuses %j before it asks any cloud", async (words, message) => {
    const terminal = recordedTerminal();

    const code = await runProgram({ version: "0", commands: [reconcile] }, ["reconcile", ...words], terminal);

    expect({ code, out: terminal.written.out }).toEqual({ code: 2, out: "" });
    expect(terminal.written.err).toContain(message);
  });

  it("resumes what was not stopped, and says so", async () => {
    expect(await bus("resume", "Transfers")).toMatchObject({
      code: 0,
      out: "bank-Transfers was not stopped\n",
    });
  }, 60_000);
});
