import type { SQSClient } from "@aws-sdk/client-sqs";
import { awsClient } from "../aws-client.ts";
import type { InFlight } from "./ports.ts";
import { queueUrls } from "./queue-urls.ts";

/** `InFlight` through SQS. Its numbers are estimates, and up to a minute old. */
export function sqsInFlight({ client: given }: { readonly client?: SQSClient } = {}): InFlight {
  let made: SQSClient | undefined = given;
  const client = async () => {
    made ??= awsClient((await import("./sqs-sdk.ts")).SQSClient, { maxAttempts: 3 });
    return made;
  };
  const urlOf = queueUrls(client);
  return async (queue) => {
    const { GetQueueAttributesCommand } = await import("./sqs-sdk.ts");
    const QueueUrl = await urlOf(queue);
    const { Attributes } = await (await client()).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
  };
}
