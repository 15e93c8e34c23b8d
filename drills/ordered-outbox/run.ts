import { createTally, playOnCloud } from "../frame/index.ts";
import { type CrashPoint, crashPointIn } from "../outbox/crash-point.ts";
import type { Stage } from "../ports.ts";
import type { OrderedOutboxResult } from "./judge.ts";
import { appCommand, consumers, relayFunction } from "./names.ts";
import type { OrderedOutboxOptions } from "./options.ts";
import { play } from "./play.ts";
import { summarize } from "./summary.ts";

/** More crash points than kills are promised: some relays end before they come to theirs. */
const crashPointsPerKill = 1.6;

/**
 * Plays the outbox drill with an order: steps of accounts are written with their events, in their sequence, by a writer that is
 * killed over and over, and published by a relay that is, too; some accounts have poison, and are released in the end. Answers
 * the result, or `undefined` when the stage's signal ended it before there was one. Whatever it started has ended then.
 */
export async function runOrderedOutbox(
  options: OrderedOutboxOptions,
  stage: Stage,
): Promise<OrderedOutboxResult | undefined> {
  const { orders, kills } = options;
  const tally = createTally(consumers);
  let relayKills = 0;
  const killRelay = ({ pid }: CrashPoint) => {
    // Each leaves accounts in the hands of a dead relay for a minute: enough is enough.
    if (relayKills >= kills) return;
    try {
      process.kill(pid, "SIGKILL");
      relayKills += 1;
    } catch {
      // It has ended by itself.
    }
  };
  return playOnCloud(
    {
      app: appCommand(kills === 0 ? 0 : Math.floor(orders / (kills * crashPointsPerKill))),
      stage,
      port: options.port,
      // Processes: a thread cannot be killed.
      environments: "process",
      onLog: (name, line) => {
        tally.take(name, line);
        const point = name === relayFunction ? crashPointIn(line) : undefined;
        if (point) killRelay(point);
      },
    },
    {
      json: options.json,
      play: (staged) => play({ staged, tally, relayKills: () => relayKills, options, stage }),
      summarize,
    },
  );
}
