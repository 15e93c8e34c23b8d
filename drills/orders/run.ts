import { aborted, untilAborted } from "../../ops/index.ts";
import { systemClock } from "../../src/clock.ts";
import { commandStartedAtMs, createTally, stageCloud } from "../frame/index.ts";
import type { Stage } from "../ports.ts";
import { consumers } from "./consumers.ts";
import { controlTotals } from "./control.ts";
import type { OrdersOptions } from "./options.ts";
import { play } from "./play.ts";
import type { OrdersResult } from "./result.ts";
import { summarize } from "./summary.ts";
import { tryNext } from "./try-next.ts";

/**
 * Plays the orders drill from synthesis to summary, and stays up afterwards unless `once`. Answers the result, or
 * `undefined` when the stage's signal ended it before there was one. Whatever it started has ended when it returns.
 */
export async function runOrders(options: OrdersOptions, stage: Stage): Promise<OrdersResult | undefined> {
  const startedAtMs = commandStartedAtMs(stage.startedAtMs);
  const tally = createTally(consumers);
  let echo = false;
  const onLog = (functionName: string, line: string) => {
    tally.take(functionName, line);
    if (echo && !line.includes('"_aws"')) stage.say(`${functionName}: ${line}`);
  };
  const control = controlTotals(options.orders);
  // It is awaited only when the cloud stands; until then a damaged file must not end the process by itself.
  control.catch(() => undefined);
  const staging = stageCloud({
    stage,
    onLog,
    port: options.port,
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    // A thread cannot be killed.
    environments: options.chaos ? "process" : "thread",
  });
  const staged = await untilAborted(staging, stage.signal);
  if (!staged) {
    // Started in vain: whatever comes up after all is taken down again.
    void staging.then(
      ({ end }) => end(),
      () => undefined,
    );
    return undefined;
  }
  const { cloud, end } = staged;
  try {
    stage.say(`${cloud.endpoint} is up: account ${cloud.account}, region ${cloud.region}`);
    const playing = play({ cloud, tally, control: await control, options, stage, startedAtMs });
    const result = await untilAborted(playing, stage.signal);
    if (!result) return undefined;
    if (options.json) {
      stage.say(summarize(result));
      stage.printJson(result);
    } else {
      stage.print(summarize(result));
    }
    if (options.once) return result;
    echo = true;
    stage.say("still up, until Ctrl-C. Try next:\n");
    for (const { title, line } of tryNext(cloud, systemClock.nowMs())) stage.say(`# ${title}\n${line}\n`);
    await aborted(stage.signal);
    return result;
  } finally {
    await end();
  }
}
