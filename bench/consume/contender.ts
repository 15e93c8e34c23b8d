import type { SQSEvent } from "aws-lambda";
import { contend } from "../frame/contender.ts";
import { batchSize, freshBatch, lambdaContext } from "./batches.ts";
import type { Handled, SqsHandler } from "./sqs-handler.ts";

/** Each contender loads what is its own and nothing else, as a function's bundle would. */
const contenders: Readonly<Record<string, (handled: Handled) => Promise<SqsHandler>>> = {
  ours: async (handled) => (await import("./ours.ts")).ours(handled),
  oursTransaction: async (handled) => (await import("./ours-transaction.ts")).oursTransaction(handled),
  peerTuned: async (handled) => (await import("./peer-tuned.ts")).peerTuned(handled),
  peerDocumented: async (handled) => (await import("./peer-documented.ts")).peerDocumented(handled),
};

if (import.meta.main) {
  let count = 0;
  const make = contenders[process.argv[2] ?? ""];
  if (!make) throw new Error(`no contender ${process.argv[2]}: there are ${Object.keys(contenders)}`);
  const handler = await make(() => {
    count += 1;
  });
  const prepared: SQSEvent[] = [];

  contend({
    // Made before the clock starts: a function gets its batches from Lambda.
    prepare: (batches) => {
      prepared.push(...Array.from({ length: batches }, freshBatch));
    },
    work: async (batches) => {
      count = 0;
      for (let done = 0; done < batches; done++) {
        const batch = prepared.shift() ?? freshBatch();
        const answer = (await handler(batch, lambdaContext)) as { batchItemFailures: unknown[] };
        if (answer.batchItemFailures.length > 0) throw new Error(`failures: ${JSON.stringify(answer)}`);
      }
      if (count !== batches * batchSize) {
        throw new Error(`${count} events were handled, not ${batches * batchSize}: the run shows nothing`);
      }
    },
  });
}
