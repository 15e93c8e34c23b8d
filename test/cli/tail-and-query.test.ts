import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { query } from "../../cli/commands/query.ts";
import { tail } from "../../cli/commands/tail.ts";
import { trace } from "../../cli/commands/trace.ts";
import { runProgram } from "../../cli/index.ts";
import { type EndpointProcess, startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { systemClock } from "../../src/clock.ts";
import { encodeSettings } from "../../src/env.ts";
import { archiveBucketName } from "../../src/names.ts";
import { s3Objects } from "../../src/segments/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { recordedTerminal } from "../helpers/recorded-terminal.ts";
import { runBus } from "../helpers/run-bus.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { keptBus, minuteMs } from "../ops/archive/kept-bus.ts";

const folder = temporaryFolder();
const dataDir = join(folder, "data");
/** The two spans before this minute: the first one is sealed, in the second is what came last. */
const startMs = Math.floor(systemClock.nowMs() / minuteMs) * minuteMs - 2 * minuteMs;
const span = (minute: number) =>
  new Date(startMs + minute * minuteMs).toISOString().slice(0, 16).replace(/[T:]/g, "-");
let endpoint: EndpointProcess;
let clients: ReturnType<typeof awsClients>;
let here: NodeJS.ProcessEnv;
let bus: ReturnType<typeof keptBus>;

beforeAll(async () => {
  mkdirSync(dataDir);
  const settings = encodeSettings({
    ...{ v: 1, bus: "shop", consumer: "LockStock", on: ["order.created:1"], emits: [], mode: "once" },
    ...{ fifo: false, account: "000000000000", region: "us-east-1", attempts: 5, firstDelayMs: 1_000 },
    ...{ maxDelayMs: 10_000, marginMs: 1_000, keepMs: 86_400_000, parallel: 10 },
  });
  const functions = [{ FunctionName: "shop-LockStock", Environment: { Variables: { OMNIBUS: settings } } }];
  endpoint = await startEndpoint(
    { port: 0, region: "us-east-1", dataDir },
    {
      answerLambda: async () => ({
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ Functions: functions }),
      }),
      onExit: () => {},
    },
  );
  const address = `http://127.0.0.1:${endpoint.port}`;
  clients = awsClients(address);
  here = {
    AWS_ENDPOINT_URL: address,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const bucket = archiveBucketName("shop", "000000000000", "us-east-1");
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  bus = keptBus({ store: s3Objects({ bucket, client: clients.s3 }), startMs });
  await bus.events(
    { id: "o-1", data: { cents: 1_250, note: "\u001b[2Jgone" } },
    { id: "o-2", data: { cents: 250 } },
  );
  await bus.ends({ id: "o-1", attempts: 2 }, { id: "o-2", state: "dead", reason: "permanent" });
  await bus.clock.advance(minuteMs + 5_000);
  await bus.seal();
  await bus.events({ id: "o-3", type: "order.paid", data: { cents: 1 } });
  await bus.message("no event\u001b[1A", { messageId: "m-4" });
}, 60_000);
afterAll(async () => {
  clients?.destroy();
  await endpoint?.stop();
});

/** Runs a command in this process, on the data folder. */
async function run(...words: readonly string[]) {
  const terminal = recordedTerminal();
  const code = await runProgram({ version: "0", commands: [tail, query, trace] }, words, {
    ...terminal,
    directory: folder,
  });
  const lines = terminal.written.out.trimEnd().split("\n");
  return { code, ...terminal.written, lines };
}
const tailed = (...words: readonly string[]) => run("tail", "--data", "data", ...words);
const queried = (sql: string, ...words: readonly string[]) =>
  run("query", sql, "--data", "data", "--no-cache", ...words);

describe("bus tail", () => {
  it("shows the last events with their offsets, none of their data, and nothing that a terminal would act on", async () => {
    const { code, lines, out, err } = await tailed();

    expect({ code, err }).toEqual({ code: 0, err: `reading ${dataDir}: bus shop\n` });
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^[\\dT:.-]+Z  orders  order\\.created +/shop/web o-1 +${span(0)}/0/0$`),
      ),
      expect.stringMatching(new RegExp(`  orders  order\\.created +/shop/web o-2 +${span(0)}/0/1$`)),
      expect.stringMatching(/ {2}orders {2}order\.paid +\/shop\/web o-3 +open$/),
      expect.stringMatching(/ {2}orders {2}\(bad-json\) +m-4 +open$/),
    ]);
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("cents");
  });

  it("shows data where it is asked for, without what a terminal would act on", async () => {
    const { lines, out } = await tailed("--body", "--from", "1h");

    expect(lines.filter((line) => line.startsWith("  │"))).toEqual([
      '  │ {"cents":1250,"note":"\\u001b[2Jgone"}',
      '  │ {"cents":250}',
      '  │ {"cents":1}',
      "  │ no event[1A",
    ]);
    expect(out).not.toContain("\u001b");
  });

  it("prints each event as a line of JSON, and how many there were as the last", async () => {
    const { lines } = await tailed("--json", "--body", "--id", "o-1,o-3");

    const [first, second, last] = lines.map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      ...{ topic: "orders", type: "order.created", source: "/shop/web", id: "o-1" },
      ...{ offset: `${span(0)}/0/0`, data: { cents: 1_250, note: "\u001b[2Jgone" } },
    });
    expect(first).not.toHaveProperty("message");
    expect(second).toMatchObject({ id: "o-3" });
    expect(second).not.toHaveProperty("offset");
    expect(last).toEqual({ data: dataDir, bus: "shop", kind: "archive", lines: 2 });
    expect((await tailed("--json", "--id", "never")).lines.map((line) => JSON.parse(line).lines)).toEqual([
      0,
    ]);
  });

  it("goes from a place to another: offsets, times, so many", async () => {
    const ids = async (...words: readonly string[]) =>
      (await tailed("--json", ...words)).lines.slice(0, -1).map((line) => JSON.parse(line).id ?? "–");

    expect(await ids("--from", `${span(0)}/0/1`)).toEqual(["o-2", "o-3", "–"]);
    expect(await ids("--from", "2h", "--to", `${span(0)}/0/1`)).toEqual(["o-1"]);
    expect(await ids("--from", "2h", "--limit", "1")).toEqual(["o-1"]);
    expect(await ids("--limit", "1")).toEqual(["–"]);
    const second = new Date(startMs + minuteMs).toISOString().slice(0, 16);
    expect(await ids("--from", second)).toEqual(["o-3", "–"]);
    expect(await ids("--from", `${second}+01:00`, "--to", second)).toEqual(["o-1", "o-2"]);
    expect(await ids("--type", "order.p*")).toEqual(["o-3"]);
  });

  it("shows what was completed", async () => {
    const { lines } = await tailed("--journal");

    expect(lines.sort()).toEqual(
      [
        expect.stringMatching(
          new RegExp(
            `^[\\dT:.-]+Z  LockStock  dead: permanent +order\\.created  /shop/web o-2  0 ms  ${span(0)}/0/\\d$`,
          ),
        ),
        expect.stringMatching(
          / {2}LockStock {2}done after 2 attempts {2}order\.created {2}\/shop\/web o-1 {2}0 ms/,
        ),
      ].sort(),
    );
    const { lines: dead } = await tailed("--journal", "--state", "dead", "--json");
    expect(dead.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ id: "o-2", state: "dead", reason: "permanent", criticalMs: 0 }),
      expect.objectContaining({ kind: "journal", lines: 1 }),
    ]);
  });

  it("says so where nothing matches", async () => {
    expect(await tailed("--type", "order.shipped")).toMatchObject({
      code: 0,
      err: expect.stringContaining(
        "nothing that matches was published in the last 10 minutes: give --from, as in --from 2h",
      ),
    });
  });

  it.each([
    [["--from", "9/9/9"], '"9/9/9" is no offset: give span, segment and line'],
    [["--from", "yesterday"], '"yesterday" is neither a time nor an offset'],
    [["--from", "2026-11-27T25:00"], "is neither a time nor an offset"],
    [["--from", "2026-11-27-10-00/0"], "is no offset"],
    [["--to", "1h"], "--to needs --from"],
    [["--from", "1h", "--to", "2h"], "--from is not before --to"],
    [["--follow", "--from", "2h", "--to", "1h"], "--follow has no end: leave --to out"],
    [["--journal", "--topic", "orders"], "--topic: the journal does not know it"],
    [["--consumer", "LockStock"], "--consumer: only the journal knows it; give --journal"],
    [["--journal", "--body"], "the journal has no event data"],
    [["--type", "a,,b"], "has an empty part"],
    [["shoq"], 'no bus "shoq" has an archive in'],
    [["Shop"], "Shop"],
  ])("refuses %j", async (words, message) => {
    const { code, out, err } = await tailed(...words);

    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  it("refuses an offset that no line has, and says what there is", async () => {
    const refused = async (offset: string) => {
      const { code, err } = await tailed("--from", offset);
      return `${code} ${err.split("\n").at(-2)}`;
    };

    expect(await refused(`${span(0)}/0/2`)).toContain(
      `2 bus: offset ${span(0)}/0/2: segment 0 of span ${span(0)} ends at`,
    );
    expect(await refused(`${span(0)}/7/0`)).toContain("has 1 segment, 0");
    expect(await refused(`${span(1)}/0/0`)).toContain("is not sealed yet");
    expect(await refused("2020-01-01-00-00/0/0")).toContain(
      "there is no span 2020-01-01-00-00; there are some from",
    );
  });

  it("refuses a folder that is none", async () => {
    const { code, err } = await run("tail", "--data", "nowhere");

    expect(code).toBe(2);
    expect(err).toContain(`${join(folder, "nowhere")} is no data folder of a local cloud`);
  });

  it("follows a cloud until Ctrl-C, and ends with one line of JSON; or until nobody reads it any more", async () => {
    const follow = () =>
      runBus(["tail", "--follow", "--json", "--limit", "1", "--journal"], { environment: here });
    const [following, unread] = [follow(), follow()];
    // Two start at the same time, on a machine that may be busy.
    for (const { written } of [following, unread])
      await eventually("the last one is told", () => written.out.includes("\n"), 40_000);
    unread.child.stdout?.destroy();

    await bus.ends({ id: "o-5" });
    // On a busy machine it is older than two minutes by now, and found by the look at all there is, a quarter of a minute later.
    await eventually(
      "what has turned up is told",
      () => following.written.out.includes('"id":"o-5"'),
      40_000,
    );
    expect(await unread.ended).toBe(0);
    following.child.kill("SIGINT");

    expect(await following.ended).toBe(130);
    const lines = following.written.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ consumer: "LockStock" }),
      expect.objectContaining({ id: "o-5" }),
      {
        target: expect.objectContaining({ endpoint: here.AWS_ENDPOINT_URL }),
        bus: "shop",
        kind: "journal",
        lines: 2,
      },
    ]);
    expect(following.written.err).toContain(`target: ${here.AWS_ENDPOINT_URL}, account 000000000000`);
  }, 120_000);

  it("says so where a bus keeps no archive", async () => {
    const ended = runBus(["tail", "other"], { environment: here });

    expect(await ended.ended).toBe(2);
    expect(ended.written.err).toContain(
      "bus other keeps no archive here: there is no bucket other-archive-000000000000-us-east-1",
    );
  }, 60_000);
});

const sums =
  "select type, count(*) as events, sum((data->>'cents')::bigint) / 100.0 as dollars from archive group by type order by type nulls last";

describe("bus query", () => {
  it("answers as a table, CSV, or an object a row", async () => {
    expect((await queried(sums)).lines).toEqual([
      "type           events  dollars",
      "order.created       2       15",
      "order.paid          1     0.01",
      "                    1",
    ]);
    expect((await queried(sums, "--format", "csv")).out).toBe(
      "type,events,dollars\norder.created,2,15\norder.paid,1,0.01\n,1,\n",
    );
    expect((await queried(sums, "--format", "json")).lines.map((line) => JSON.parse(line))).toEqual([
      { type: "order.created", events: 2, dollars: 15 },
      { type: "order.paid", events: 1, dollars: 0.01 },
      { type: null, events: 1, dollars: null },
    ]);
  });

  it("answers as one line of JSON", async () => {
    const { code, lines } = await queried("select consumer, state from journal where id = 'o-2'", "--json");

    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        data: dataDir,
        bus: "shop",
        columns: [
          { name: "consumer", type: "VARCHAR" },
          { name: "state", type: "VARCHAR" },
        ],
        rows: [{ consumer: "LockStock", state: "dead" }],
      },
    ]);
  });

  it("strips what a terminal would act on, and writes files as it is", async () => {
    const asked = "select body, 'a,\"b\"' as quoted from archive where problem is not null";

    const { out } = await queried(asked, "--format", "csv");
    const { err } = await queried(asked, "--output", "rows.csv");
    await queried(asked, "--output", "rows.ndjson");

    expect(out).toBe('body,quoted\nno event[1A,"a,""b"""\n');
    expect(err).toContain("1 rows are in rows.csv");
    expect(readFileSync(join(folder, "rows.csv"), "utf8")).toBe(
      'body,quoted\r\nno event\u001b[1A,"a,""b"""\r\n',
    );
    expect(JSON.parse(readFileSync(join(folder, "rows.ndjson"), "utf8"))).toEqual({
      body: "no event\u001b[1A",
      quoted: 'a,"b"',
    });
  });

  it.each(["--output", "--chart"])("says so where the file of %s cannot be written", async (option) => {
    const { code, err } = await queried(sums, option, "nowhere/sums.svg");

    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^bus: nowhere\/sums\.svg cannot be written: ENOENT: [^\n]*\n$/m),
    });
  });

  it("draws on the screen, or into a file, also where the question stands behind a bare --chart", async () => {
    const { lines } = await run("query", "--data", "data", "--no-cache", "--chart", sums);
    const file = await queried(sums, "--chart", "sums.svg", "--json");

    expect(lines[0]).toMatch(/^order\.created events {3}█+/);
    expect(file.err).toContain("the chart is in sums.svg");
    expect(JSON.parse(file.lines[0] ?? "").rows).toHaveLength(3);
    expect(readFileSync(join(folder, "sums.svg"), "utf8")).toContain(">order.created</text>");
    const series = await queried(
      "select time + interval (n) second as at, n from archive, range(3) r(n) where id = 'o-1'",
      "--chart",
    );
    expect(series.out).toMatch(/┤/);
  });

  it("prints the views and their columns", async () => {
    const { code, out } = await run("query", "--schema");
    const { lines } = await run("query", "--schema", "--json");

    expect(code).toBe(0);
    expect(out).toMatch(
      /^ {2}critical_ms +BIGINT +critical time: from `time` to `completed`, in milliseconds$/m,
    );
    expect(JSON.parse(lines[0] ?? "").columns.archive[0]).toMatchObject({ name: "time", type: "TIMESTAMP" });
  });

  it.each([
    [
      ["select nosuch from archive"],
      /Referenced column "nosuch" not found.*LINE 1: select nosuch.*Columns of archive: time,/s,
    ],
    [["select (id)::bigint from archive where id is not null"], /Could not convert string 'o-\d' to INT64/],
    [["select * from read_csv('/etc/passwd')"], /file system operations are disabled.*and no files/s],
    [["delete from archive"], /Can only delete from base table/],
    [[], /what is asked\? give one SELECT/],
    [["select 1", "--from", "1h", "--to", "2h"], /--from is not before --to/],
    [["select 1", "--from", "2026-11-27-10-00/0/0"], /is an offset: give a time/],
    [["select 1", "--chart", "x.png"], /does not end in \.svg/],
    [["select 1", "--chart", "--json"], /draws on the screen/],
    [["select 1 as a, 'x' as b", "--chart"], /nothing to draw/],
    [["select 1", "--json", "--format", "csv"], /leave --format and --output out/],
    [["select 1", "--output", "x.csv", "--format", "table"], /a table is for eyes/],
    [["select 1", "--format", "xml"], /give table or csv or json/],
  ])("refuses %j, and says why", async (words, message) => {
    const { code, out, err } = await run("query", ...words, "--data", "data", "--no-cache");

    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(out).not.toContain("passwd");
  });

  it("shows the first thousand rows of a table, and tells of the others", async () => {
    const { lines, err } = await queried("select * from range(1203)");

    expect(lines).toHaveLength(1_001);
    expect(err).toContain("203 more rows: give --format csv, or --output");
  });

  it("asks a cloud, keeps copies between questions, and says where the time went", async () => {
    const ask = async () => {
      const { ended, written } = runBus(["query", sums, "--verbose", "--json"], { environment: here });
      return { code: await ended, ...written };
    };

    const first = await ask();
    const again = await ask();

    expect({ code: first.code, rows: JSON.parse(first.out).rows }).toEqual({
      code: 0,
      rows: JSON.parse(again.out).rows,
    });
    expect(first.err).toMatch(/^fetch [\d.]+ s: 3 objects, \d+ B; 0 were at hand$/m);
    expect(again.err).toMatch(/^fetch [\d.]+ s: 2 objects, \d+ B; 1 were at hand$/m);
    expect(again.err).toMatch(/^list [\d.]+ s: 2 spans, 1 of them open$/m);
    expect(readdirSync(join(folder, "cache", "omnibus", "segments"))).toHaveLength(1);
  }, 60_000);
});

describe("bus trace", () => {
  it("draws what an event has set off, from a data folder", async () => {
    const { code, lines } = await run("trace", "o-2", "--data", "data");

    expect(code).toBe(0);
    // All of them are of one chain, and none names its cause.
    expect(lines).toEqual([
      expect.stringMatching(/^order\.created [\dT:.-]+Z \/shop\/web o-1$/),
      "└─ LockStock: done after 0 ms, 2 tries",
      expect.stringMatching(/^order\.created [\dT:.-]+Z \/shop\/web o-2 ◀ asked for$/),
      "└─ LockStock: DEAD after 0 ms: permanent",
      "order.paid +65 s /shop/web o-3 (not sealed yet)",
      "└─ (no consumer takes it)",
      "",
      "3 events in 65 s; 3 of them have no cause here; consumers: 1 done, 1 DEAD",
    ]);
  });

  it("prints the tree as one line of JSON", async () => {
    const { lines } = await run("trace", "o-1", "--data", "data", "--json");

    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      ...{ data: dataDir, bus: "shop", asked: "o-1", found: true, events: 3 },
      roots: [
        { id: "o-1", consumers: [{ consumer: "LockStock", state: "done", ends: [{ attempts: 2 }] }] },
        {},
        {},
      ],
    });
  });

  it("says where it has looked when there is no such event", async () => {
    const { code, out, err } = await run("trace", "o-404", "--data", "data", "--from", "1h");

    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(
      /archived no event with the id or correlation id "o-404" since [\dT:.-]+Z: give --from/,
    );
  });
});
