import { join } from "node:path";
import type { TopicCounts } from "../canned/sns.ts";
import type { Bench } from "../frame/bench.ts";
import { runContender } from "../frame/run-contender.ts";

/** What a publisher gets through, and what an event costs it. */
export const publishBench: Bench<"ours" | "sdkOneByOne" | "sdkBatch" | "messageQueueToolkit"> = {
  contenders: ["ours", "sdkOneByOne", "sdkBatch", "messageQueueToolkit"],
  packages: ["@aws-sdk/client-sns", "@message-queue-toolkit/sns", "@message-queue-toolkit/core", "zod"],
  /** Events. */
  size: 6_000,
  run: async (name, size) => {
    const { cpuMicros, wallMs, counts } = await runContender<TopicCounts>({
      script: join(import.meta.dirname, "contender.ts"),
      name,
      server: join(import.meta.dirname, "../canned/sns.ts"),
      // Long, because a batch makes a tenth of the calls: the SDK's code has to be compiled for everybody.
      task: { warmUp: size * 2, measured: size },
    });
    if (counts.messages !== size) {
      throw new Error(`${name} published ${counts.messages} events, not ${size}: the run shows nothing`);
    }
    return {
      eventsPerSecond: size / (wallMs / 1_000),
      cpuMicrosPerEvent: cpuMicros / size,
      eventsPerRequest: size / counts.requests,
    };
  },
};
