import { SQSClient } from "@aws-sdk/client-sqs";
import { lookAtDeadLetters } from "../../ops/dead-letters/index.ts";
import { sleep, systemClock } from "../../src/clock.ts";
import { createPublisher, wireTopics } from "../../src/publish/index.ts";
import {
  createTally,
  playOnCloud,
  type StagedCloud,
  stallMs,
  waitUntilSettled,
  watchBacklog,
} from "../frame/index.ts";
import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { Stage } from "../ports.ts";
import { parcelReady } from "./contracts.ts";
import { type DeadLettersResult, judge } from "./judge.ts";
import { letterSnapshot } from "./letter-snapshot.ts";
import { app, bus, consumer, refusals } from "./names.ts";
import type { DeadLettersOptions } from "./options.ts";
import type { PartnerAudit } from "./partner-audit.ts";
import { startRedrive } from "./redrive-command.ts";
import { summarize } from "./summary.ts";

/** How often it is looked whether half of the group is sent. */
const lookMs = 50;
/** Which of the six kinds is sent back. */
const kind = 2;

/**
 * Plays the dead-letters drill: parcels die of six things, one group is sent back, killed half-way and run again. Answers
 * the result, or `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runDeadLetters(
  options: DeadLettersOptions,
  stage: Stage,
): Promise<DeadLettersResult | undefined> {
  const partner = await startBeside({ script: new URL("./partner.ts", import.meta.url) });
  const tally = createTally([consumer]);
  try {
    return await playOnCloud(
      { app, stage, port: options.port, onLog: tally.take },
      {
        json: options.json,
        play: (staged) => play({ staged, partner, tally, options, stage }),
        summarize,
      },
    );
  } finally {
    await partner.stop();
  }
}

async function play({
  staged: { cloud },
  partner,
  tally,
  options: { letters, rate },
  stage,
}: {
  readonly staged: StagedCloud;
  readonly partner: BesideServer;
  readonly tally: ReturnType<typeof createTally<typeof consumer.name>>;
  readonly options: DeadLettersOptions;
  readonly stage: Stage;
}): Promise<DeadLettersResult> {
  const { signal } = stage;
  const { endpoint, region, account } = cloud;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new SQSClient({ endpoint, region, credentials });
  const backlog = watchBacklog({ consumers: [consumer], queues: () => cloud.queues() });
  const settle = () => waitUntilSettled({ consumers: [consumer], backlog, tally, stallMs, signal });
  const dead = async () => {
    const found = (await cloud.queues()).find(({ name }) => name === consumer.deadLetterQueueName);
    return found === undefined ? 0 : found.visible + found.inFlight + found.delayed;
  };
  try {
    const publisher = createPublisher({
      bus,
      source: "/parcels/depot",
      account,
      region,
      topics: wireTopics({ endpoint, region, domain: "amazonaws.com", credentials }),
    });
    stage.say(`publishing ${letters} parcels, and the partner refuses all of them …`);
    await publisher.publishAll(parcelReady, parcelsOf(letters, partner.url));
    await publisher.close();
    await settle();
    const before = await letterSnapshot(client, consumer.deadLetterQueueName);
    const chosen = await groupOfKind(client);

    await fetch(`${partner.url}/take`);
    stage.say(
      `the partner takes parcels now; sending group ${chosen} back at ${rate}/s, to be killed half-way …`,
    );
    const half = letters - Math.floor((before.get(chosen)?.length ?? 0) / 2);
    const first = startRedrive({ endpoint, region, group: chosen, rate, signal });
    let isOver = false;
    void first.ended.then(() => {
      isOver = true;
    });
    while (!isOver && !signal.aborted && (await dead()) > half) await sleep(systemClock, lookMs, signal);
    first.kill();
    const kills = (await first.ended) === null ? 1 : 0;
    const movedBeforeKill = letters - (await dead());

    stage.say(`killed after ${movedBeforeKill}; the same command again …`);
    const second = startRedrive({ endpoint, region, group: chosen, rate, signal });
    const code = await second.ended;
    stage.say(second.said().trim());
    if (code !== 0) stage.say(`the second run ended with ${code}`);
    await settle();

    const after = await letterSnapshot(client, consumer.deadLetterQueueName);
    const audit = (await (await fetch(`${partner.url}/audit`)).json()) as PartnerAudit;
    return judge({ letters, kind, chosen, before, after, audit, movedBeforeKill, kills });
  } finally {
    backlog.stop();
    client.destroy();
  }
}

/** The group in which the parcels of one kind lie, as a look at the errors tells. */
async function groupOfKind(client: SQSClient): Promise<string> {
  const { groups } = await lookAtDeadLetters({
    client,
    consumer: { bus, consumer: consumer.name, fifo: false },
    selection: { error: refusals[kind] },
  });
  return groups[0]?.group ?? "none";
}

function* parcelsOf(count: number, partner: string) {
  for (let parcel = 0; parcel < count; parcel++) yield { partner, parcel, kind: parcel % refusals.length };
}
