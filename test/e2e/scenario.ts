import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whole } from "../../drills/frame/index.ts";
import { bus, type ConsumerName, consumers } from "../../drills/orders/consumers.ts";
import { type ControlTotals, controlTotals } from "../../drills/orders/control.ts";
import type { Readings } from "../../drills/orders/readings.ts";
import { bootstrapEmulator, deployApp, type Emulator, runCdk } from "../../local/emulator/index.ts";
import { describeError } from "../../src/errors.ts";
import { pythonTools } from "../helpers/python-tools.ts";
import { runBus } from "../helpers/run-bus.ts";
import { differences, differing } from "./books.ts";
import { journalOne } from "./journal-one.ts";
import { keepPromises } from "./keep-promises.ts";
import { importKept, readLedger, whatStands } from "./kept.ts";
import { fillBooks, foundBySchedule, mendByPlan, readBooks, runJob } from "./mend-books.ts";
import { playOrders } from "./play-orders.ts";
import { promises } from "./promises.ts";
import { readKeptOf } from "./read-kept.ts";
import { ordersOf, replaySome } from "./replay-some.ts";
import { sendExample } from "./send-example.ts";
import { wireExample } from "./wire-example.ts";

const publisherStack = "shop-bus";
const consumerStacks = ["shop-points", "shop-stock", "shop-logistics"];
const laterStacks = ["shop-sms", "shop-promises"];
const booksStack = "shop-books";

/** For so long the emulator's scheduler may take to start a run that is to come every minute. */
const schedulePatienceMs = 45_000;

/** Two processes of a function on one small machine, each with time to start on a busy one. */
const gentle = ["-c", "concurrency=2", "-c", "timeout-seconds=30"];

/** Orders of the first run that are sent again, byte by byte, after all was deployed anew. */
const remembered = 20;
/** Orders of the first run that are replayed to a consumer that came later. */
const replayed = 5;

/** What `bus doctor --json` says, as far as it is looked at here. */
interface DoctorAnswer {
  readonly ok: number;
  readonly fail: number;
  readonly findings: readonly { readonly level: string }[];
}

/** What `bus pause --json` and `bus resume --json` say, as far as it is looked at here. */
interface HoldAnswer {
  readonly arrived: boolean;
  readonly hasGovernor: boolean;
  readonly mapping: { readonly state: string };
}

/** One step of the scenario. */
export interface Step {
  readonly name: string;
  readonly seconds: number;
  /** What came out, for people. */
  readonly said: string;
}

/** What one consumer's effects added up to in one run of orders. */
export interface Total {
  readonly run: "first" | "again";
  readonly consumer: ConsumerName;
  readonly handled: number;
  readonly total: number;
  readonly control: number;
  readonly unit: string;
}

/** What came out, as `--json` prints it. */
export interface E2eResult {
  readonly orders: number;
  readonly steps: readonly Step[];
  readonly totals: readonly Total[];
  /** How often the consumer that came later ran for the event that the AWS CLI sent twice. */
  readonly exampleRuns: number | undefined;
  /** Everything that was not as it must be; empty when all was. */
  readonly findings: readonly string[];
  readonly agree: boolean;
  readonly seconds: number;
}

/**
 * The life of a deployed bus on an emulator: bootstrap, deploy, orders, a consumer added, an event by the plain AWS
 * CLI, an outbox with what becomes of its orders, a replay, a reconciliation that runs and repairs, destroy, deploy again over what was kept, orders again. Everything is judged by what is read back. Stops at the
 * first step that fails, which is then a finding; never throws for that.
 */
export async function runScenario({
  emulator,
  orders,
  ordersAgain,
  signal,
  log = () => {},
}: {
  readonly emulator: Emulator;
  readonly orders: number;
  /** Orders of the second run. */
  readonly ordersAgain: number;
  readonly signal: AbortSignal;
  readonly log?: (line: string) => void;
}): Promise<E2eResult> {
  const folder = mkdtempSync(join(tmpdir(), "omnibus-e2e-"));
  const [first, later] = [join(folder, "first"), join(folder, "later")];
  const steps: Step[] = [];
  const totals: Total[] = [];
  const findings: string[] = [];
  let exampleRuns: number | undefined;
  const begin = performance.now();

  const step = async (name: string, work: () => Promise<string>) => {
    signal.throwIfAborted();
    log(`${name} …`);
    const startMs = performance.now();
    const said = await work().catch((error: unknown) => {
      throw new Error(`${name}: ${describeError(error).message}`, { cause: error });
    });
    steps.push({ name, seconds: secondsSince(startMs), said });
  };
  const expect = (what: string, found: unknown, wanted: unknown) => {
    const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (left !== right) findings.push(`${what}: ${left}, and must be ${right}`);
  };
  const judge = (run: Total["run"], readings: Readings, control: ControlTotals, dead: number) => {
    for (const { name, unit, control: field } of consumers) {
      const { handled, total, deadLetters } = readings[name];
      totals.push({ run, consumer: name, handled, total, control: control[field], unit });
      expect(`${run} run, ${name}: effects`, handled, control.orders);
      expect(`${run} run, ${name}: ${unit}`, total, control[field]);
      expect(`${run} run, ${name}: dead letters`, deadLetters, dead);
    }
  };

  try {
    // Made meanwhile, where this machine has none yet; its failure is told where it is needed.
    const tools = pythonTools();
    tools.catch(() => undefined);
    await step("cdk synth, cdk bootstrap", async () => {
      const words = ["synth", "--all", "--quiet", ...gentle];
      // The app of today and that of a later day, of the same sources: somebody may be at work on them.
      await Promise.all([
        bootstrapEmulator({ emulator }),
        runCdk({ emulator, assembly: first, words }),
        runCdk({ emulator, assembly: later, words, app: "node test/e2e/later-app.ts" }),
      ]);
      return `account ${emulator.account} at ${emulator.endpoint}`;
    });
    await step("cdk deploy --all", async () => {
      await deployApp({ emulator, app: first });
      const { topics, queues, functions, tables } = await whatStands(emulator);
      return `${topics.length} topic, ${queues.length} queues, ${functions.length} functions, ${tables.length} tables`;
    });
    await step("bus doctor", async () => {
      const doctor = runBus(["doctor", "--bus", bus, "--json"], { environment: emulator.env });
      const { ok, fail, findings: seen } = (await doctor.json()) as DoctorAnswer;
      expect("exit code of bus doctor", await doctor.ended, 0);
      expect(
        "what bus doctor found wrong",
        seen.filter(({ level }) => level === "fail"),
        [],
      );
      return `${ok} checks well, ${fail} failed`;
    });
    await step(`cdk deploy ${booksStack}`, async () => {
      await deployApp({ emulator, app: later, stacks: [booksStack] });
      await fillBooks(emulator);
      return `a reconciliation of two tables, every minute; ${differing} differences in them`;
    });
    const played = await runOrders("first", orders);
    await step("archive and journal", async () => {
      const {
        orders: archived,
        cents,
        completed,
        sealedLines,
      } = await readKeptOf({ emulator, orders, signal });
      const { cents: control } = await controlTotals(orders);
      expect("orders in the archive, each once", archived, orders);
      expect("cents in the archive", cents, control);
      const completions = Object.values(completed).reduce((sum, one) => sum + one, 0);
      // MiniStack's streams leave out what PartiQL writes (docs/emulators.md), and so all of the ledger's endings.
      const wanted = completions === 0 && emulator.isOurs ? 0 : orders * consumers.length;
      expect("completions in the journal", completions, wanted);
      expect(
        "a completion that was written otherwise, in the journal",
        await journalOne(emulator),
        "written",
      );
      return `${whole(archived)} orders, ${whole(completions)} completions, ${whole(sealedLines)} of both sealed`;
    });
    await step("bus pause, bus resume", async () => {
      const name = consumers[0]?.name ?? "";
      const answers = [];
      for (const verb of ["pause", "resume"]) {
        const run = runBus([verb, name, "--bus", bus, "--json"], { environment: emulator.env });
        const { arrived, hasGovernor, mapping } = (await run.json()) as HoldAnswer;
        expect(`exit code of bus ${verb}`, await run.ended, 0);
        answers.push({ arrived, hasGovernor, state: mapping.state });
      }
      expect("what pause and resume tell", answers, [
        { arrived: true, hasGovernor: true, state: "Disabled" },
        { arrived: true, hasGovernor: true, state: "Enabled" },
      ]);
      return `the governor has closed and opened the mapping of ${name}`;
    });
    await step("cdk diff, a consumer added", async () => {
      // Fails on any difference.
      await runCdk({
        emulator,
        app: later,
        words: ["diff", publisherStack, ...consumerStacks, "--fail", "--method", "template"],
      });
      const [before, after] = [first, later].map((one) =>
        readFileSync(join(one, `${publisherStack}.template.json`), "utf8"),
      );
      if (before !== after) throw new Error(`the template of ${publisherStack} is another one`);
      return `no difference in ${[publisherStack, ...consumerStacks].join(", ")}; the publisher's template is the same byte by byte`;
    });
    await step(`cdk deploy ${laterStacks.join(" ")}`, async () => {
      await deployApp({ emulator, app: later, stacks: laterStacks });
      return "a consumer, and an outbox with a pipeline, each in a stack of its own";
    });
    await step("aws sns publish, twice", async () => {
      const { runs, readings } = await sendExample({ emulator, tools: await tools, signal });
      exampleRuns = runs;
      expect("runs of the later consumer for the example of docs/wire-format.md", runs, 1);
      for (const { name } of consumers) {
        expect(`${name}: dead letters, as the example lacks what it needs`, readings[name].reasons, {
          "invalid-data": 1,
        });
      }
      return `handled ${runs === 1 ? "once" : `${runs} times`}; the others, which need more data, have it as a dead letter`;
    });
    await step("outbox, transactions, stages, bus replay", async () => {
      const some = [...new Map(played.map((message) => [message.id, message])).values()].slice(0, replayed);
      const heard = [...ordersOf(some), wireExample().orderId].sort();
      const [kept, sent] = await Promise.all([
        keepPromises({ emulator, signal }),
        replaySome({ emulator, messages: some, signal }),
      ]);
      expect("what came of orders written with an outbox", kept.found, kept.control);
      expect("rows left in the outbox", kept.waiting, 0);
      expect("events replayed", [sent.selected, sent.sent], [replayed, replayed]);
      expect(
        "runs of the later consumer, by order",
        sent.runs,
        Object.fromEntries(heard.map((order) => [order, 1])),
      );
      return `${Object.keys(kept.found).length} facts about ${promises.length} orders, each once; ${sent.sent} events of the archive, to one consumer`;
    });
    await step("bus reconcile", async () => {
      const scheduled = await foundBySchedule(emulator, { patienceMs: schedulePatienceMs, signal });
      const found = scheduled ?? (await runJob(emulator))?.open.classes;
      for (const [name, count] of Object.entries(differences)) {
        expect(
          `differences of class ${name} that are open`,
          found?.[name as keyof typeof differences],
          count,
        );
      }
      expect("differences repaired by an approved plan", await mendByPlan(emulator), differing);
      expect("what the next run says", (await runJob(emulator))?.verdict, "agree");
      const [left, right] = await readBooks(emulator);
      expect("the right book, repaired", right, left);
      const how = scheduled ? "by its schedule" : "by invoking it, as its schedule has not begun a run yet";
      return `${differing} differences, found ${how}, repaired by an approved plan`;
    });
    const kept = await readLedger(emulator, bus);
    await step("cdk destroy --all", async () => {
      await runCdk({ emulator, app: later, words: ["destroy", "--all", "--force", "--concurrency", "4"] });
      const standing = await whatStands(emulator);
      expect("tables after destroy", standing.tables, [`${bus}-jobs`, `${bus}-ledger`]);
      expect("topics after destroy", standing.topics, []);
      expect("functions after destroy", standing.functions, []);
      const names = [...consumers.map(({ name }) => name), "Sms"];
      const queues = names.flatMap((name) => [`${bus}-${name}-dead`, `${bus}-${name}-undelivered`]);
      queues.push(...["", "-dead", "-undelivered"].map((suffix) => `${bus}-archive${suffix}`));
      expect("queues after destroy", standing.queues, queues.sort());
      return `kept: jobs, archive, the ledger (${whole(kept.done)} events done) and ${standing.queues.length} queues of what is nowhere else`;
    });
    await step("cdk import, cdk deploy --all", async () => {
      await importKept({ emulator, assembly: first, stacks: [publisherStack, ...consumerStacks], bus });
      await deployApp({ emulator, app: first, words: ["--import-existing-resources"] });
      const ledger = await readLedger(emulator, bus);
      expect("events that the ledger remembers", ledger.done, kept.done);
      return `over what was kept: the ledger still knows ${whole(ledger.done)} events`;
    });
    await runOrders("again", ordersAgain, played.slice(0, remembered));
    if (!emulator.isOurs) {
      await step("cdk destroy --all, at the end", async () => {
        await runCdk({ emulator, app: first, words: ["destroy", "--all", "--force", "--concurrency", "4"] });
        return "this emulator is not ours";
      });
    }
  } catch (error) {
    findings.push(describeError(error).message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    orders,
    steps,
    totals,
    exampleRuns,
    findings,
    agree: findings.length === 0,
    seconds: secondsSince(begin),
  };

  async function runOrders(
    run: Total["run"],
    count: number,
    again: Parameters<typeof playOrders>[0]["again"] = [],
  ) {
    let messages: Awaited<ReturnType<typeof playOrders>>["messages"] = [];
    await step(`${whole(count)} orders${run === "again" ? " again" : ""}`, async () => {
      const before = await readLedger(emulator, bus);
      const played = await playOrders({ emulator, orders: count, again, signal });
      messages = played.messages;
      // After the second deployment the queues of dead letters still hold what they held: the example.
      judge(run, played.readings, played.control, run === "again" ? 1 : 0);
      const ledger = await readLedger(emulator, bus);
      const deliveries = messages.length * consumers.length;
      const runs = ledger.runs - before.runs;
      expect(`${run} run: events done`, ledger.done - before.done, count * consumers.length);
      if (runs >= deliveries)
        findings.push(`${run} run: not exercised: ${runs} runs of ${deliveries} deliveries`);
      return `${whole(deliveries)} deliveries, ${whole(runs)} runs of handlers${again.length > 0 ? `; ${again.length} orders from before the end were known` : ""}`;
    });
    return messages;
  }
}

function secondsSince(startMs: number): number {
  return Math.round((performance.now() - startMs) / 100) / 10;
}
