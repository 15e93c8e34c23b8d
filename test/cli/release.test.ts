import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { dlq } from "../../cli/commands/dlq.ts";
import { runProgram } from "../../cli/index.ts";
import { defineEvent } from "../../src/index.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import { busHere } from "../helpers/bus-here.ts";
import { eventually } from "../helpers/eventually.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { type RunningBus, runBus } from "../helpers/run-bus.ts";

const cache = new URL("../../.cache/", import.meta.url).pathname;
const contract = `
import * as z from "zod";
import { defineEvent } from "../../src/index.ts";
export const balanceMoved = defineEvent("balance.moved", {
  version: 1, topic: "balances.fifo", schema: z.object({ n: z.int() }),
});
`;
const app = `
import { App, Stack } from "aws-cdk-lib/core";
import { Consumer, EventBus } from "../../lib/index.ts";
import { balanceMoved } from "./contract.ts";
const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Bank");
const bus = new EventBus(stack, "Bus", { name: "bank", contracts: [balanceMoved], archive: false });
const on = [balanceMoved];
new Consumer(stack, "Book", { bus, on, entry: import.meta.dirname + "/book.ts", onPoison: "park" });
new Consumer(stack, "Skips", { bus, on, entry: import.meta.dirname + "/skips.ts" });
`;
/** The second event of each account is poison, until a file says that all is well. */
const book = (fixed: string) => `
import { existsSync } from "node:fs";
import { consume, PermanentError } from "../../src/index.ts";
import { balanceMoved } from "./contract.ts";
export const handler = consume(balanceMoved, async ({ partitionkey, data: { n } }) => {
  if (n === 1 && partitionkey !== "account-9" && !existsSync(${JSON.stringify(fixed)})) {
    throw new PermanentError("no such account " + partitionkey);
  }
  console.log("RAN " + partitionkey + " " + n + ".");
});
`;
const skips = `
import { consume } from "../../src/index.ts";
import { balanceMoved } from "./contract.ts";
export const handler = consume(balanceMoved, async () => {});
`;
const events = 8;

let folder: string;
let cloud: RunningBus;
let here: NodeJS.ProcessEnv;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "release-test-"));
  const files = {
    "cdk.json": '{ "app": "node app.ts" }',
    "app.ts": app,
    "contract.ts": contract,
    "book.ts": book(join(folder, "fixed")),
    "skips.ts": skips,
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
  await publishAll(endpoint);
  await eventually("account-9 is through", () => ranOf("account-9").length === events, 60_000);
  await eventually("what follows a poison waits", async () => {
    const { groups } = await parked();
    return groups.length === 2 && groups.every(({ waiting }) => waiting === events - 1);
  });
}, 180_000);

afterAll(async () => {
  cloud?.child.kill("SIGKILL");
  await cloud?.ended;
  rmSync(folder, { recursive: true, force: true });
});

async function publishAll(endpoint: string) {
  const schema = z.object({ n: z.int() });
  const balanceMoved = defineEvent("balance.moved", { version: 1, topic: "balances.fifo", schema });
  const publisher = createPublisher({
    ...{ bus: "bank", source: "/bank/test", account: "000000000000", region: "us-east-1" },
    topics: wireTopics({
      ...{ endpoint, region: "us-east-1", domain: "amazonaws.com" },
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  });
  const accounts = ["account-1", "account-2", "account-9"];
  const all = Array.from({ length: events }, (_, n) => accounts.map((account) => ({ n, account }))).flat();
  await Promise.all(
    all.map(({ n, account }) => publisher.publish(balanceMoved, { n }, { partitionkey: account })),
  );
  await publisher.close();
}

/** What the handler has done for an account, in order. */
const ranOf = (account: string) =>
  [...cloud.written.err.matchAll(/RAN (\S+) (\d+)\./g)]
    .filter(([, of]) => of === account)
    .map(([, , n]) => Number(n));
const upTo = (count: number, without: readonly number[] = []) =>
  Array.from({ length: count }, (_, n) => n).filter((n) => !without.includes(n));

/** Runs a command to its end. */
const bus = (words: readonly string[]) => busHere([dlq], words, { directory: folder, environment: here });

async function parked() {
  const { json } = await bus(["dlq", "list", "Book", "--json"]);
  return json.consumers[0].parked as { groups: { group: string; waiting: number }[] };
}

describe("bus dlq list", () => {
  it("tells which groups wait, how many messages, since when and behind what; and of no other consumer", async () => {
    const { code, out } = await bus(["dlq", "list"]);

    expect(code).toBe(0);
    expect(out).toContain("bank-Book: 2 groups wait behind a poison (bus dlq release)");
    expect(out).toMatch(
      /^ {2}account-1 +7 {2}\d+ s ago {2}parked +balance\.moved {2}permanent {2}PermanentError: no such account account-1$/m,
    );
    expect(out.split("\n").slice(-3).join("\n")).toContain("bank-Skips: no dead letters");
    expect([ranOf("account-1"), ranOf("account-2")]).toEqual([[0], [0]]);
  }, 60_000);
});

describe("bus dlq release", () => {
  it("shows what it would release, and releases nothing, unless told", async () => {
    const { code, out, err } = await bus(["dlq", "release", "Book", "account-1"]);

    expect(code).toBe(0);
    expect(out).toContain("account-1");
    expect(out).not.toContain("account-2");
    expect(err).toContain(
      "would release 1 of bank-Book, without their poison; nothing was changed: give --yes",
    );
    expect(ranOf("account-1")).toEqual([0]);
  }, 60_000);

  it("has one group handled in order, its poison left out and still a dead letter", async () => {
    const { code, json } = await bus(["dlq", "release", "Book", "account-1", "--yes", "--json"]);

    expect(json).toMatchObject({
      dryRun: false,
      released: [{ group: "account-1", status: "released", handled: 7 }],
      droppedLetters: 0,
    });
    expect(code).toBe(0);
    expect(ranOf("account-1")).toEqual(upTo(events, [1]));
    expect(ranOf("account-2")).toEqual([0]);
    const { json: letters } = await bus(["dlq", "show", "Book", "--json"]);
    expect(letters.letters).toHaveLength(2);
  }, 60_000);

  it("parks a group again whose poison is still one, and says so", async () => {
    const { code, out } = await bus(["dlq", "release", "Book", "--all", "--with-poison", "--yes"]);

    expect(code).toBe(1);
    expect(out).toMatch(/account-2 {2}parked again behind \S+ \(permanent\): 0 through, 7 wait/);
    expect(ranOf("account-2")).toEqual([0]);
  }, 60_000);

  it("has the poison handled first once it can be, in order, and drops its letters", async () => {
    writeFileSync(join(folder, "fixed"), "");

    const { code, json } = await bus(["dlq", "release", "Book", "--all", "--with-poison", "--yes", "--json"]);

    expect(json.released).toEqual([{ group: "account-2", status: "released", handled: 7 }]);
    expect(code).toBe(0);
    expect(ranOf("account-2")).toEqual(upTo(events));
    expect(json.droppedLetters).toBeGreaterThan(0);
    expect(await parked()).toEqual({ groups: [] });
  }, 60_000);

  it("says that nothing is parked, and which consumer does not park", async () => {
    const none = await bus(["dlq", "release", "Book", "account-1", "--yes"]);
    const skipping = await bus(["dlq", "release", "Skips", "--all", "--yes"]);

    expect(none).toMatchObject({ code: 0, out: "" });
    expect(none.err).toContain('bank-Book: group "account-1" is not parked');
    expect(skipping.err).toContain("bank-Skips: no group is parked");
  }, 60_000);

  it.each([[["Book"]], [["Book", "account-1", "--all"]], [["Book", "--all", "--wait", "soon"]]])(
    "refuses %j before it asks any cloud",
    async (words) => {
      const terminal = recordedTerminal();

      const code = await runProgram(
        { version: "0", commands: [dlq] },
        ["dlq", "release", ...words],
        terminal,
      );

      expect({ code, out: terminal.written.out }).toEqual({ code: 2, out: "" });
    },
  );
});
