import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startLocalCloud, synthesize } from "../../local/cloud/index.ts";
import { deployApp, queueDepths, startEmulator } from "../../local/emulator/index.ts";
import { ledgerKey } from "../../src/ledger/ledger-key.ts";
import { topicArn } from "../../src/names.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { loadVectors, vectorFailures } from "../helpers/vectors.ts";
import { type Language, type PublisherProgram, publisherPrograms, runProgram } from "./publisher-programs.ts";
import { type Answer, type StubbornTopic, startStubbornTopic } from "./stubborn-topic.ts";

const project = join(import.meta.dirname, "../..");
const vectorFolder = join(project, "test/vectors");
const folder = temporaryFolder();
const languages: readonly Language[] = ["java", "go", "python", "typescript"];
const nowhere = "http://127.0.0.1:1";

let programs: readonly PublisherProgram[] = [];

// The first build fetches Maven's, Go's and pip's packages.
beforeAll(async () => {
  programs = await publisherPrograms();
}, 600_000);

function programOf(language: Language): PublisherProgram {
  const found = programs.find((program) => program.language === language);
  if (!found) throw new Error(`there is no publisher in ${language}`);
  return found;
}

const order = (orderId: string, cents: number) => ({
  orderId,
  customer: "Zoë 😀",
  date: "1997-01-01",
  cds: 1,
  cents,
});
const lines = (orders: readonly unknown[]) => orders.map((one) => `${JSON.stringify(one)}\n`).join("");

/** A case of a file of vectors, as far as it is changed here. */
interface ChangedCase {
  readonly name: string;
  readonly id?: string;
  readonly expect?: Record<string, unknown>[];
  deduplicationId?: string;
}

interface VectorLine {
  readonly case: string;
  readonly body?: string | null;
  readonly problem: string | null;
}

async function runVectors(language: Language, of: string) {
  const { code, out, err } = await runProgram(programOf(language).vectors(of), { endpoint: nowhere });
  const results = out.split("\n").filter((line) => line.startsWith("{"));
  if (results.length === 0) throw new Error(`${language} ran no vector: ${out}${err}`);
  return { code, results: results.map((line): VectorLine => JSON.parse(line)) };
}

describe.each(languages)("the publisher in %s", (language) => {
  it("is at most 60 lines to copy", () => {
    const text = readFileSync(programOf(language).file, "utf8");

    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    expect(text).not.toContain("omnibus-aws");
  });

  it("builds what the vectors say, and consumers read it as they say", async () => {
    const { code, results } = await runVectors(language, vectorFolder);

    expect(results.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(code).toBe(0);
    expect(results.map((result) => result.case).sort()).toEqual(await casesOfAll());
    const envelopes = loadVectors("envelopes");
    const bodies = new Map(results.map((result) => [result.case, result.body]));
    const rebuilt = envelopes.cases.flatMap((one) => {
      const body = bodies.get(one.name as string);
      return body === undefined ? [] : [{ ...one, body }];
    });
    expect(vectorFailures("envelopes", { ...envelopes, cases: rebuilt })).toEqual([]);
    expect(rebuilt.length).toBeGreaterThanOrEqual(40);
  }, 60_000);

  it("fails at each vector that was changed, and at no other", async () => {
    const changed = join(folder, language);
    cpSync(vectorFolder, changed, { recursive: true });
    const change = (name: string, make: (cases: ChangedCase[]) => void) => {
      const file = join(changed, `${name}.json`);
      const vectors = JSON.parse(readFileSync(file, "utf8"));
      make(vectors.cases);
      writeFileSync(file, JSON.stringify(vectors));
    };
    const names: string[] = [];
    change("envelopes", ([first, second]) => {
      if (!first?.expect?.[0] || !second?.expect?.[0]) throw new Error("too few envelopes to change");
      first.expect[0].dataHash = "changed";
      second.expect[0].correlationid = "changed";
      names.push(first.name, second.name);
    });
    change("deduplication-id", ([first]) => {
      if (!first) throw new Error("no deduplication id to change");
      first.deduplicationId = "changed";
      names.push(`deduplication of ${first.id}`);
    });

    const { code, results } = await runVectors(language, changed);

    expect(code).not.toBe(0);
    const problems = ["dataHash is", "correlationid is", "deduplication id is"];
    expect(results.filter((result) => result.problem !== null)).toEqual(
      names.map((name, at) =>
        expect.objectContaining({ case: name, problem: expect.stringContaining(problems[at] ?? "") }),
      ),
    );
  }, 60_000);
});

/** What each language runs: the one that stands next to the consumers shows it. */
function casesOfAll(): Promise<readonly string[]> {
  known ??= runVectors("typescript", vectorFolder).then(({ results }) =>
    results.map((result) => result.case).sort(),
  );
  return known;
}
let known: Promise<readonly string[]> | undefined;

describe.each(languages)("the publisher in %s, when SNS", (language) => {
  let topic: StubbornTopic | undefined;
  afterEach(() => topic?.close());

  const publish = async (answers: readonly Answer[], count: number) => {
    topic = await startStubbornTopic(answers);
    const orders = Array.from({ length: count }, (_, at) => order(`o-${at}`, at));
    const arn = "arn:aws:sns:us-east-1:000000000000:shop-orders";
    const ended = await runProgram([...programOf(language).publish, arn], {
      endpoint: topic.endpoint,
      input: lines(orders),
    });
    return { ...ended, calls: topic.calls };
  };

  it("takes only a part, sends the rest again with the same bytes, also after an answer that was lost", async () => {
    const answers: Answer[] = [{ failed: ["1", "7"], senderFault: false }, { dropped: true }];

    const { code, out, err, calls } = await publish(answers, 12);

    expect({ code, out, err }).toMatchObject({ code: 0, out: "published 12\n" });
    const sent = calls.map((call) => call.map(({ body }) => body));
    expect(sent.map((call) => call.length)).toEqual([10, 2, 2, 2]);
    expect(sent[1]).toEqual([sent[0]?.[1], sent[0]?.[7]]);
    expect(sent[2]).toEqual(sent[1]);
    expect(new Set(calls.flat().map(({ type }) => type))).toEqual(new Set(["order.created"]));
    const ids = [...(sent[0] ?? []), ...(sent[3] ?? [])].map((body) => JSON.parse(body).id);
    expect(ids).toEqual(Array.from({ length: 12 }, (_, at) => `o-${at}`));
  }, 60_000);

  it("refuses an event for good, fails and says so", async () => {
    const { code, out, err, calls } = await publish([{ failed: ["0"], senderFault: true }], 3);

    expect(code).toBeGreaterThan(0);
    expect(out).not.toContain("published");
    expect(err).toContain("InternalError");
    expect(calls).toHaveLength(1);
  }, 60_000);
});

/** Where the drill's own app runs, and how it is told that all was handled. */
interface Place {
  readonly endpoint: string;
  readonly account: string;
  readonly clients: ReturnType<typeof awsClients>;
  settled(messages: number): Promise<void>;
  end(): Promise<void>;
}

async function onThisMachine(): Promise<Place> {
  const outcomes: string[] = [];
  const { assembly } = await synthesize({ directory: project, outDir: join(folder, "assembly") });
  const onLog = (name: string, line: string) => {
    const outcome = name === "shop-Points" ? /"outcome":"(\w+)"/.exec(line)?.[1] : undefined;
    if (outcome !== undefined) outcomes.push(outcome);
  };
  const { endpoint, account, stop } = await startLocalCloud({ assembly, port: 0, onLog });
  const clients = awsClients(endpoint);
  return {
    endpoint,
    account,
    clients,
    async settled(messages) {
      const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
      // Not counted exactly: a message may come more often than it was sent.
      const ended = () => count("handled") + count("duplicate") >= messages;
      await eventually("every message has its outcome", ended, 60_000);
      expect(count("handled")).toBe(messages / 2);
    },
    async end() {
      clients.destroy();
      await stop();
    },
  };
}

async function onTheEmulator(): Promise<Place> {
  const emulator = await startEmulator();
  // Its functions are processes whose start counts as their time: on a busy machine they need more of it.
  const words = ["-c", "timeout-seconds=30"];
  await deployApp({ emulator, stacks: ["shop-bus", "shop-points"], words });
  const clients = awsClients(emulator.endpoint, emulator.client.credentials);
  const queues = queueDepths(emulator, ["shop-Points"]);
  return {
    ...emulator,
    clients,
    settled: () =>
      eventually(
        "the queue is empty",
        async () => (await queues.look()).every(({ visible, inFlight }) => visible + inFlight === 0),
        180_000,
      ).then(() => undefined),
    async end() {
      queues.close();
      clients.destroy();
      await emulator.close();
    },
  };
}

describe.each([
  ["on this machine", onThisMachine],
  ["on the emulator", onTheEmulator],
])("events of every publisher, %s", (_, begin) => {
  const orders = (language: Language) =>
    Array.from({ length: 23 }, (_, at) => order(`${language}-${at}`, 1_000 + at));
  const all = languages.flatMap(orders);
  let place: Place;

  beforeAll(async () => {
    place = await begin();
  }, 300_000);
  afterAll(() => place?.end());

  it("are handled by a TypeScript consumer, once, though each publisher ran twice", async () => {
    const { account, endpoint, clients } = place;
    const arn = topicArn({ bus: "shop", topic: "orders", account, region: "us-east-1" });
    const publishAll = () =>
      Promise.all(
        languages.map(async (language) => {
          const input = lines(orders(language));
          const ended = await runProgram([...programOf(language).publish, arn], { endpoint, account, input });
          expect({ language, ...ended }).toMatchObject({ code: 0 });
        }),
      );
    await publishAll();
    await publishAll();

    await place.settled(2 * all.length);

    const scan = (TableName: string) => clients.dynamodb.send(new ScanCommand({ TableName }));
    const ledger = ((await scan("shop-ledger")).Items ?? []).filter(
      ({ consumer }) => consumer?.S === "Points",
    );
    expect(ledger.map(({ state }) => state?.S)).toEqual(all.map(() => "done"));
    const effects = new Map((await scan("shop-points-effects")).Items?.map((item) => [item.pk?.S, item]));
    expect(effects.size).toBe(all.length);
    for (const { orderId, customer, cents } of all) {
      const pk = ledgerKey({ consumer: "Points", source: "/shop/web", id: orderId });
      expect(effects.get(pk)).toEqual({
        pk: { S: pk },
        customer: { S: customer },
        cents: { N: String(cents) },
      });
    }
  }, 300_000);
});
