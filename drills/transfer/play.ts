import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sleep, systemClock } from "../../src/clock.ts";
import { jobsTableName } from "../../src/names.ts";
import { dynamoRepairs } from "../../src/reconcile/index.ts";
import { seededChance } from "../frame/chance.ts";
import { startChaos } from "../frame/chaos.ts";
import {
  askWitness,
  type createTally,
  type StagedCloud,
  showProgress,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type CommandPlace, planAndApply, runOnce, runUntil } from "../frame/reconcile-commands.ts";
import { startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import { openCreditBook } from "./credit-book.ts";
import { diedAt } from "./die-once.ts";
import { type Evidence, judge, type TransferResult } from "./judge.ts";
import {
  bookFile,
  bus,
  consumer,
  type RunOf,
  statementFile,
  statementJob,
  transfersFunction,
  transfersJob,
} from "./names.ts";
import { throttledShare } from "./options.ts";
import { playDesk } from "./play-desk.ts";
import { writeStatement } from "./statement.ts";
import type { ThrottleAudit } from "./throttle.ts";
import { spanMs } from "./times.ts";
import type { Watched } from "./watcher.ts";
import type { Readings } from "./witness.ts";

/** Bank A waits while so many transfers are on their way: so none is for long. */
const mostUnderWay = 600;
/** Runs of the reconciliation that are started at once. */
const runsAtOnce = 5;
/** How often it is looked whether all repairs are written down. */
const lookMs = 5_000;

/** Plays it all, and has it judged. */
export async function play({
  staged: { cloud },
  run,
  tally,
  stage,
}: {
  readonly staged: StagedCloud;
  readonly run: RunOf;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly stage: Stage;
}): Promise<TransferResult> {
  const beganMs = systemClock.nowMs();
  const { folder, transfers } = run;
  const { endpoint, region, account } = cloud;
  const { signal } = stage;
  const place: CommandPlace = { endpoint, region, signal };
  const beside = (name: string, words: readonly string[]) =>
    startBeside({ script: new URL(`./${name}.ts`, import.meta.url), words });
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const repairs = dynamoRepairs({ table: jobsTableName(bus), client });
  const throttle = await beside("throttle", [endpoint, String(throttledShare)]);
  const watcher = await beside("watcher", [endpoint, region, folder, String(transfers)]);
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const published = { orders: 0 };
  const chance = seededChance(transfers);
  const chaos = startChaos({
    killOne: () => cloud.functions.killOne([consumer.functionName]),
    done: () => tally.of[consumer.name].handled,
    // The end is left alone: what a killed function held comes back after half a minute.
    goesOn: () => published.orders < transfers * 0.9,
    chance,
    meanWork: Math.max(20, transfers / 10),
  });
  const endProgress = showProgress(stage, {
    ...{ consumers: [consumer], orders: transfers, published, backlog, tally },
    kills: () => undefined,
  });
  const witness = () =>
    askWitness<Readings>({
      ...{ script: new URL("./witness.ts", import.meta.url), endpoint, region, signal },
      words: [folder],
    });
  try {
    const dying = [0.2, 0.4, 0.6].map((share) => share * transfers);
    const settings = { transfers, folder, dynamodb: throttle.url, endpoint, region, account };
    const bankA = await playDesk(settings, {
      signal,
      dies: (told) => dying.some((from, nth) => told >= from && delete dying[nth]),
      mayGoOn: async (told) => {
        published.orders = told;
        while (!signal.aborted && backlog.deepest() > mostUnderWay) await backlog.next();
      },
    });
    await waitUntilSettled({ consumers: [consumer], backlog, tally, stallMs, signal });
    chaos.stop();
    endProgress();
    const { books: before } = await witness();

    const settledMs = Math.ceil(systemClock.nowMs() / spanMs) * spanMs + run.settleSeconds * 1_000;
    const waitMs = settledMs - systemClock.nowMs();
    stage.say(`all is told; waiting ${Math.ceil(waitMs / 1_000)} s until the last span has settled …`);
    await sleep(systemClock, waitMs, signal);
    const reconciler = await runUnderKills(cloud.functions, place, stage);
    await runUntil(transfersJob, ({ open }) => (open.classes["missing-right"] ?? 0) === 0, place);
    await planAndApply(transfersJob, stage, place);
    await runUntil(transfersJob, ({ verdict }) => verdict === "agree", place);
    // A repair that was killed after it was done is written down by whoever comes when its time is over.
    while ((await repairs.begun(transfersJob)).length > 0 && !signal.aborted) {
      await sleep(systemClock, lookMs, signal);
      await runOnce(transfersJob, place);
    }

    const { books: after } = await witness();
    writeStatement(statementFile(folder), openCreditBook(bookFile(folder)).standing());
    const { verdict: statement } = await runUntil(statementJob, () => true, place);
    stage.say("all is repaired; one more run, which must change nothing …");
    const { found, resolved, repaired } = await runUntil(transfersJob, () => true, place);
    const last = await witness();
    const evidence: Evidence = {
      transfers,
      before,
      after,
      again: last.books,
      lastRun: { found, resolved, repaired },
      repaired: last.repaired,
      watched: await askFor<Watched>(watcher.url),
      deadLetters: last.deadLetters,
      kills: { bankA, bankB: chaos.kills(), reconciler },
      diedAt: diedAt(folder),
      throttled: await askFor<ThrottleAudit>(`${throttle.url}/audit`).then(
        ({ refused, dropped }) => refused + dropped,
      ),
      statement,
      seconds: Math.round((systemClock.nowMs() - beganMs) / 1_000),
    };
    for (const other of last.otherRepairs) stage.say(`repair: ${other}`);
    for (const one of evidence.watched.twice.slice(0, 5)) stage.say(`money: ${one}`);
    return judge(evidence);
  } finally {
    chaos.stop();
    endProgress();
    backlog.stop();
    client.destroy();
    await Promise.all([throttle.stop(), watcher.stop()]);
  }
}

/** Starts five runs at once, and kills their processes while they are at it. Answers how many. */
async function runUnderKills(
  functions: StagedCloud["cloud"]["functions"],
  place: CommandPlace,
  { say }: Pick<Stage, "say">,
): Promise<number> {
  say(`${runsAtOnce} runs at once, whose processes are killed …`);
  let kills = 0;
  let isOver = false;
  const all = Promise.all(Array.from({ length: runsAtOnce }, () => runOnce(transfersJob, place))).then(() => {
    isOver = true;
  });
  for (let looks = 0; !isOver && !place.signal.aborted; looks++) {
    await sleep(systemClock, 250 + 150 * (looks % 5), place.signal);
    if (kills < 3 && functions.stats(transfersFunction).running > 0 && functions.killOne([transfersFunction]))
      kills += 1;
  }
  await all;
  say(`${kills} were killed; the same command again …`);
  return kills;
}

async function askFor<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}
