import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { runTool } from "../../local/tools/index.ts";
import { eventually } from "../helpers/eventually.ts";
import type { Clients, Question } from "./question.ts";

/** A function whose handler is this code; `SEEN` is a folder where it leaves files. Answers that folder. */
async function makeFunction(
  { lambda }: Clients,
  name: string,
  folder: string,
  code: string,
): Promise<string> {
  const seen = join(folder, `${name}-seen`);
  mkdirSync(seen);
  const source = join(folder, `${name}.js`);
  const helpers = `
    const { writeFileSync } = require("node:fs");
    const seen = (file) => process.env.SEEN + "/" + file;`;
  writeFileSync(source, `${helpers}\nexports.handler = async (event, context) => { ${code} };\n`);
  const zip = join(folder, `${name}.zip`);
  await runTool("python3", ["-m", "zipfile", "-c", zip, source]);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Role: "arn:aws:iam::000000000000:role/any",
      Handler: `${name}.handler`,
      Code: { ZipFile: readFileSync(zip) },
      Timeout: 20,
      Environment: { Variables: { SEEN: seen } },
    }),
  );
  return seen;
}

/** A queue with one message, which a function handles. Answers the queue's URL. */
async function feed({ sqs, lambda }: Clients, name: string): Promise<string> {
  // What is not deleted comes again soon.
  const queue = { QueueName: name, Attributes: { VisibilityTimeout: "1" } };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand(queue));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" }));
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    }),
  );
  return QueueUrl;
}

async function isEmpty({ sqs }: Clients, QueueUrl: string): Promise<boolean> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
  );
  return names.every((name) => Attributes[name] === "0");
}

/** What Lambda and its mappings do, and what stands in for them. Ours is held to AWS's rules by test/mapping. */
export function functionQuestions(folder: string): readonly Question[] {
  return [
    {
      about: "Lambda: a partial-batch answer with an empty `itemIdentifier`",
      aws: "the batch comes again",
      answers: { MiniStack: "the batch is deleted" },
      async ask(clients, name) {
        const seen = await makeFunction(
          clients,
          name,
          folder,
          `writeFileSync(seen(context.awsRequestId), "");
           return { batchItemFailures: [{ itemIdentifier: "" }] };`,
        );
        const queue = await feed(clients, name);
        return eventually("the end of the batch", async () => {
          const runs = readdirSync(seen).length;
          if (runs > 1) return "the batch comes again";
          return runs === 1 && (await isEmpty(clients, queue)) && "the batch is deleted";
        });
      },
    },
  ];
}
