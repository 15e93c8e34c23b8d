import type { InitChange } from "../lambda/index.ts";
import type { AwsCall } from "./aws-call.ts";
import type { MappingHost } from "./resources/index.ts";

const turns: Readonly<Record<InitChange, string>> = {
  broken:
    "does not start: what $queue hands out meanwhile stays hidden for $seconds s each time, then comes again",
  replaced:
    "was replaced: what $queue handed out before stays hidden for up to $seconds s, then comes again; what is new is handled at once",
  mended:
    "starts again: what $queue handed out before stays hidden for up to $seconds s, then comes again; what is new is handled at once",
};

/**
 * How long the messages of a function stay hidden that could not start: a sentence for each queue that it is mapped to.
 * As on AWS they come again when the queue's visibility timeout is over, which looks as if the mended function did nothing.
 */
export async function hiddenMessages(
  functionName: string,
  change: InitChange,
  { mappings, aws }: { mappings: Pick<MappingHost, "all">; aws: Pick<AwsCall, "sqs"> },
): Promise<readonly string[]> {
  const mapped = mappings.all().filter(({ spec }) => spec.functionName === functionName);
  return Promise.all(
    mapped.map(async ({ spec }) => {
      const queue = spec.queueArn.split(":").at(-1) ?? "";
      const { QueueUrl } = await aws.sqs("GetQueueUrl", { QueueName: queue });
      const { Attributes } = await aws.sqs("GetQueueAttributes", {
        QueueUrl,
        AttributeNames: ["VisibilityTimeout"],
      });
      const { VisibilityTimeout } = Attributes as { VisibilityTimeout: string };
      const turn = turns[change].replace("$queue", queue).replace("$seconds", VisibilityTimeout);
      return `${functionName} ${turn} (the queue's visibility timeout)`;
    }),
  );
}
