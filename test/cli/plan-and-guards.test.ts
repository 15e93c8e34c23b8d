import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { guards } from "../../cli/commands/guards.ts";
import { plan } from "../../cli/commands/plan.ts";
import { exitCodes, runProgram } from "../../cli/index.ts";
import { guardGroups } from "../../lib/guards/index.ts";
import { Consumer } from "../../lib/index.ts";
import { limit } from "../../src/limits/index.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { aBus, anApp, aStack, entry, orderPlaced } from "../helpers/stacks.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folders = temporaryFolder();
const five = ["--arrivals", "5/s", "--handler", "40ms"];

async function run(...words: string[]) {
  const terminal = recordedTerminal();
  const code = await runProgram({ version: "1.2.3", commands: [plan, guards] }, words, terminal);
  const { out, err } = terminal.written;
  const json = words.includes("--json") ? JSON.parse(out.trim().split("\n").at(-1) ?? "null") : undefined;
  return { code, out, err, json };
}

/** Synthesizes two consumers that share a limit. */
function synthesized(): string {
  const app = anApp();
  const stack = aStack("shop", app);
  const bus = aBus(stack);
  const partner = limit("partner", { rate: "100/s" });
  const props = { bus, on: [orderPlaced], entry, limits: [partner] };
  new Consumer(stack, "Points", {
    ...props,
    concurrency: 20,
    expect: { arrivals: "30/s", handlerMs: 20 },
  });
  new Consumer(stack, "Stock", { ...props, pollers: { minimum: 2, maximum: 3 } });
  return app.synth().directory;
}

describe("bus plan", () => {
  it("plans from options alone, and shows settings, arithmetic, money and what to see to", async () => {
    const { code, out } = await run(
      ...["plan", "--arrivals", "100/s", "--handler", "40ms", "--burst", "100000/s:10s"],
      ...["--outage", "1h", "--limit", "5000/s", "--region", "eu-west-1"],
    );

    expect(code).toBe(exitCodes.done);
    expect(out).toContain(
      "carries  100 events/s of 40 ms each, a burst of 100,000/s for 10 s, an outage of 1 h",
    );
    expect(out).toMatch(/^concurrency +\d+ +chosen$/m);
    expect(out).toMatch(/^limit partner +4,873\/s +5 items, each one start every 1.03 ms/m);
    expect(out).toMatch(/^burst drained +2\d\d s +at 4,8\d\d\/s/m);
    expect(out).toMatch(/^in all +\$1,\d{3}\.\d\d +\$1,\d{3}\.\d\d/m);
    expect(out).toContain("note  [sns-quota] SNS takes 9,000 messages a second from an account in eu-west-1");
  });

  it("prints the same as JSON, with units in the names", async () => {
    const { code, json } = await run(
      ...["plan", "--arrivals", "1/s", "--handler", "5ms", "--burst", "3000/s:10s"],
      ...["--limit", "500/s", "--concurrency", "10", "--json"],
    );

    expect(code).toBe(exitCodes.done);
    expect(json).toMatchObject({
      works: true,
      load: { arrivalsPerSecond: 1, burst: { perSecond: 3_000, forMs: 10_000 } },
      consumer: { concurrency: 10, limits: [expect.stringContaining("partner: rate 500/s")] },
      throughput: { bound: "limit", perSecond: expect.closeTo(487.3, 1) },
      burst: { events: 30_000, drainedMs: expect.closeTo(61_700, -3) },
      horizons: [{ limit: "partner", room: 2_500, starts: 100 }],
      findings: [],
    });
    expect(json.chosen).not.toContain("concurrency");
  });

  it("ends with 3 on numbers that cannot work, and says what to do", async () => {
    const { code, out } = await run(
      ...["plan", "--arrivals", "50/s", "--handler", "4ms", "--limit", "60/s", "--concurrency", "100"],
    );

    expect(code).toBe(exitCodes.failed);
    expect(out).toContain("FAIL  [limit-horizon] limit partner: rate 60/s");
    expect(out).toContain("up to 1000 are asked for at once");
    expect(out).toContain("fix: lower concurrency");
    expect(out).toMatch(/^of that, used +\? /m);
  });

  it.each<[string, string[], string]>([
    ["nothing at all", [], "there are no arrivals to plan for: give --arrivals"],
    ["no handler", ["--arrivals", "5/s"], "give --handler, as in --handler 40ms"],
    ["arrivals a fortnight", ["--arrivals", "50/fortnight", "--handler", "1ms"], '"50/fortnight" is no rate'],
    ["a limit a fortnight", [...five, "--limit", "50/fortnight"], 'rate "50/fortnight" is not allowed'],
    ["one limit twice", [...five, "--limit", "a=5/s,a=6/s"], 'limit "a" is given twice'],
    [
      "one limit in two options",
      [...five, "--limit", "a=5/s", "--limit", "a=6/s"],
      'limit "a" is given twice',
    ],
    ["a negative outage", [...five, "--outage", "-1h"], "--outage"],
    ["a negative survive", [...five, "--survive=-6h"], '"-6h" is no span of time'],
    ["a burst that is none", [...five, "--burst", "1/s:1s"], "a burst is what comes then in all"],
    ["no pollers", [...five, "--pollers", "5"], "as in 2:50"],
    ["an app without a consumer", [...five, "--app", "cdk.out"], "give its name"],
    ["an app that is not there", ["Points", "--app", "nowhere"], "there is no synthesized app in"],
  ])("ends with 2 on %s", async (_, words, says) => {
    const { code, err, out } = await run("plan", ...words);

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain(says);
    expect(out).toBe("");
  });

  it("refuses to survive longer than any queue keeps a message", async () => {
    const { code, err } = await run("plan", ...five, "--survive", "15d");

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain("retry.survive is 1296000000 ms; 0 to 14 days are allowed");
  });

  it("takes every limit, given in one option or in several", async () => {
    const together = await run("plan", ...five, "--limit", "500/s,mail=60/s,100/s", "--json");
    const apart = await run(
      ...["plan", ...five, "--limit", "500/s", "--limit", "mail=60/s", "--limit", "100/s", "--json"],
    );

    expect(apart.json).toEqual(together.json);
    expect(apart.json.consumer.limits).toEqual([
      expect.stringContaining("partner: rate 500/s"),
      expect.stringContaining("mail: rate 60/s"),
      expect.stringContaining("partner-3: rate 100/s"),
    ]);
  });

  it("reads a synthesized consumer: its settings, what it expects, and who shares its limits", async () => {
    const app = synthesized();

    const { code, json } = await run("plan", "Points", "--app", app, "--json");

    expect(json).toMatchObject({
      bus: "shop",
      consumer: {
        name: "Points",
        concurrency: 20,
        batchSize: 10,
        timeoutMs: 30_000,
        visibilityMs: 180_000,
        retentionMs: 345_600_000,
        maxReceiveCount: 890,
        memoryMb: 512,
        sharers: [{ limit: "partner", consumer: "Stock", starts: 300 }],
      },
      load: { arrivalsPerSecond: 30, handlerMs: 20 },
      chosen: [],
      works: true,
    });
    expect(code).toBe(exitCodes.done);
  });

  it("lets options stand in for what is to be tried out", async () => {
    const app = synthesized();

    const { code, json } = await run(
      ...[
        "plan",
        "Stock",
        "--app",
        app,
        "--arrivals",
        "40/s",
        "--handler",
        "20ms",
        "--batch",
        "20",
        "--json",
      ],
    );

    // Stock and Points ask for 3 × 10 × 20 + 20 × 10 starts, and the horizon holds 500.
    expect(json.consumer).toMatchObject({ batchSize: 20, pollers: { minimum: 2, maximum: 3 } });
    expect(json.findings.map(({ id }: { id: string }) => id)).toEqual(["limit-horizon"]);
    expect(json.throughput.limits[0].leftPerSecond).toBeCloseTo(json.throughput.limits[0].perSecond - 30, 6);
    expect(code).toBe(exitCodes.failed);
  });

  it("prints what its page shows", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/plan.md"), "utf8");
    const [, command = ""] = /npx bus (plan --.*)\n/.exec(page) ?? [];
    const [, shown = ""] = /```\n(burst [\s\S]*?)```/.exec(page) ?? [];

    const { out } = await run(...command.split(" "));

    const squeezed = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.replace(/ +/g, " "));
    expect(squeezed(shown)).toHaveLength(4);
    expect(squeezed(out)).toEqual(expect.arrayContaining(squeezed(shown)));
  });

  it("says which consumers there are when it is asked for another", async () => {
    const { code, err } = await run("plan", "Mail", "--app", synthesized());

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('there is no consumer "Mail" here; there is shop-Points, shop-Stock');
  });

  it("does not plan for a consumer that expects nothing, unless it is told", async () => {
    const { code, err } = await run("plan", "Stock", "--app", synthesized());

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain("there are no arrivals to plan for");
  });

  it("finds no consumer in templates of others", async () => {
    const folder = join(folders, "others");
    mkdirSync(folder);
    writeFileSync(join(folder, "x.template.json"), '{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}');

    const { code, err } = await run("plan", "Points", "--app", folder);

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain("there is none at all");
  });
});

describe("bus guards", () => {
  const all = guardGroups.flatMap((group) => group.guards);

  it("lists every guard of the constructs", async () => {
    const { code, json, out } = await run("guards", "--json");

    expect(code).toBe(exitCodes.done);
    expect(json.guards.map(({ id }: { id: string }) => id)).toEqual(all.map(({ id }) => id));
    expect(out.trim().split("\n")).toHaveLength(1);
    expect((await run("guards")).out.trim().split("\n")).toHaveLength(all.length + 1);
  });

  it("explains one: why, fix, how to turn it off, where AWS says so", async () => {
    const { out } = await run("guards", "visibility-timeout");

    expect(out).toContain("visibility-timeout  (about queues and retries)");
    expect(out).toContain("fix       raise visibilityTimeout");
    expect(out).toContain('acknowledge: [{ id: "visibility-timeout", reason: "…" }]');
    expect(out).toContain("https://docs.aws.amazon.com/");
    expect((await run("guards", "mode")).out).toContain("nothing could be deployed with it fired");
  });

  it("knows no other, and names those that are near", async () => {
    const { code, err } = await run("guards", "limit");

    expect(code).toBe(exitCodes.usage);
    expect(err).toContain('there is no guard "limit"; there is limit-twice, limit-horizon');
  });
});
