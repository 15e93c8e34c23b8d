import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand, paginateScan } from "@aws-sdk/client-dynamodb";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Emulator, runCdk } from "../../local/emulator/index.ts";
import { archiveBucketName, ledgerTableName } from "../../src/names.ts";

/** What stands in the account, by name, sorted. */
export interface Standing {
  readonly tables: readonly string[];
  readonly queues: readonly string[];
  readonly topics: readonly string[];
  readonly functions: readonly string[];
}

/** Looks at all that stands in the emulator's account. */
export async function whatStands({ client }: Emulator): Promise<Standing> {
  const clients = {
    dynamodb: new DynamoDBClient(client),
    sqs: new SQSClient(client),
    sns: new SNSClient(client),
    lambda: new LambdaClient(client),
  };
  const lastWord = (name: string | undefined) => name?.split(/[:/]/).at(-1) ?? "";
  try {
    const [tables, queues, topics, functions] = await Promise.all([
      clients.dynamodb.send(new ListTablesCommand({})),
      clients.sqs.send(new ListQueuesCommand({})),
      clients.sns.send(new ListTopicsCommand({})),
      clients.lambda.send(new ListFunctionsCommand({})),
    ]);
    return {
      tables: (tables.TableNames ?? []).sort(),
      queues: (queues.QueueUrls ?? []).map(lastWord).sort(),
      topics: (topics.Topics ?? []).map(({ TopicArn }) => lastWord(TopicArn)).sort(),
      functions: (functions.Functions ?? []).map(({ FunctionName }) => FunctionName ?? "").sort(),
    };
  } finally {
    for (const one of Object.values(clients)) one.destroy();
  }
}

/** What a bus's ledger remembers: how many events are done, and how many runs of handlers that took. */
export async function readLedger(
  { client }: Emulator,
  bus: string,
): Promise<{ readonly done: number; readonly runs: number }> {
  const dynamodb = new DynamoDBClient(client);
  let done = 0;
  let runs = 0;
  try {
    for await (const page of paginateScan({ client: dynamodb }, { TableName: ledgerTableName(bus) })) {
      for (const item of page.Items ?? []) {
        if (item.state?.S === "done") done += 1;
        runs += Number(item.attempts?.N ?? 0);
      }
    }
    return { done, runs };
  } finally {
    dynamodb.destroy();
  }
}

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Type: string;
        readonly DeletionPolicy?: string;
        readonly Properties?: { readonly QueueName?: string; readonly BucketName?: unknown };
      }
    >
  >;
}

/**
 * Takes kept queues up again, with the messages in them, as `cdk import` does on AWS: CloudFormation knows a queue by
 * its URL, which stands in no template, so that `--import-existing-resources` does not find it. MiniStack finds no bucket
 * by it either.
 */
export async function importKept({
  emulator,
  assembly,
  stacks,
  bus,
}: {
  readonly emulator: Emulator;
  readonly bus: string;
  readonly assembly: string;
  readonly stacks: readonly string[];
}): Promise<void> {
  await Promise.all(
    stacks.map((stack) => {
      const { Resources } = JSON.parse(
        readFileSync(join(assembly, `${stack}.template.json`), "utf8"),
      ) as Template;
      const kept = Object.entries(Resources).filter(
        ([, { Type, DeletionPolicy }]) =>
          (Type === "AWS::SQS::Queue" || Type === "AWS::S3::Bucket") &&
          DeletionPolicy === "RetainExceptOnCreate",
      );
      const mapping = Object.fromEntries(
        kept.map(([id, { Type, Properties }]) => [
          id,
          Type === "AWS::S3::Bucket"
            ? { BucketName: archiveBucketName(bus, emulator.account, emulator.client.region) }
            : { QueueUrl: `${emulator.endpoint}/${emulator.account}/${Properties?.QueueName}` },
        ]),
      );
      return runCdk({
        emulator,
        app: assembly,
        words: ["import", stack, "--resource-mapping-inline", JSON.stringify(mapping), "--force"],
      });
    }),
  );
}
