import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import { type ProbeAnswer, probePayload } from "../breaker/index.ts";
import { describeError } from "../errors.ts";
import { functionName, partitionOf } from "../names.ts";
import { messageRecord, type Probes, probePatienceMs } from "../probing/index.ts";
import { queueUrls } from "./queue-urls.ts";

/** A second, so that SQS asks all of its servers: a queue that holds little shows it then. (sqs-short-and-long-polling) */
const waitSeconds = 1;

/** What a consumer's function answers a probe. */
interface FunctionAnswer {
  readonly probe?: ProbeAnswer;
  readonly batchItemFailures?: readonly unknown[] | null;
}

/**
 * Probes through the consumers' own functions, invoked as a mapping would: their code, their role, their ledger. A message
 * that is let through is received here, and deleted where the function does not name it in its answer.
 */
export function functionProbes({
  bus,
  account,
  region,
  lambda: givenLambda,
  sqs: givenSqs,
}: {
  readonly bus: string;
  readonly account: string;
  readonly region: string;
  readonly lambda?: LambdaClient;
  readonly sqs?: SQSClient;
}): Probes {
  let lambda: LambdaClient | undefined = givenLambda;
  let sqs: SQSClient | undefined = givenSqs;
  const load = async () => {
    const [lambdaSdk, sqsSdk] = await Promise.all([import("./lambda-sdk.ts"), import("./sqs-sdk.ts")]);
    // Invoked once: a second invocation for a lost answer would be a second probe.
    lambda ??= awsClient(lambdaSdk.LambdaClient, { maxAttempts: 1, callTimeoutMs: 2 * probePatienceMs });
    sqs ??= awsClient(sqsSdk.SQSClient, { maxAttempts: 3 });
    return { ...lambdaSdk, ...sqsSdk, lambda, sqs };
  };
  const urlOf = queueUrls(async () => (await load()).sqs);

  const invoke = async (consumer: string, payload: object): Promise<FunctionAnswer> => {
    const { lambda, InvokeCommand } = await load();
    const FunctionName = functionName(bus, consumer);
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    const text = Buffer.from(answer.Payload ?? []).toString("utf8");
    if (answer.FunctionError !== undefined) throw new Error(`${FunctionName} failed: ${text.slice(0, 300)}`);
    return (JSON.parse(text || "null") ?? {}) as FunctionAnswer;
  };

  return {
    async ask({ consumer }, dependency) {
      try {
        const { probe } = await invoke(consumer, probePayload(dependency));
        return (
          probe ?? {
            verdict: "unknown",
            why: "its code knows no probes: deploy it with this version of omnibus-aws",
          }
        );
      } catch (thrown) {
        return unknown(thrown);
      }
    },

    async letThrough({ consumer, queue }, dependency) {
      try {
        const { sqs, ReceiveMessageCommand, DeleteMessageCommand } = await load();
        const QueueUrl = await urlOf(queue);
        const { Messages: [message] = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl,
            MaxNumberOfMessages: 1,
            WaitTimeSeconds: waitSeconds,
            MessageSystemAttributeNames: ["All"],
            MessageAttributeNames: ["All"],
          }),
        );
        if (!message) return { verdict: "unknown", why: "the queue shows no message", isEmpty: true };
        const queueArn = `arn:${partitionOf(region)}:sqs:${region}:${account}:${queue}`;
        const Records = [messageRecord(message, queueArn)];
        const { probe, batchItemFailures } = await invoke(consumer, { ...probePayload(dependency), Records });
        // As Lambda reads it, for a batch of one.
        const comesAgain = (batchItemFailures?.length ?? 0) > 0;
        if (!comesAgain) {
          // One that cannot be deleted comes again, and is known then.
          await sqs
            .send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }))
            .catch(() => {});
        }
        return probe ?? { verdict: comesAgain ? "down" : "up" };
      } catch (thrown) {
        return unknown(thrown);
      }
    },
  };
}

function unknown(thrown: unknown): ProbeAnswer {
  const { name, message } = describeError(thrown);
  return { verdict: "unknown", why: `${name}: ${message}` };
}
