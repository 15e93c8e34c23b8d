import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GetItemCommand, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ListSubscriptionsCommand, ListTopicsCommand, PublishCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type LocalCloud, memoryOfTreeMb, startLocalCloud } from "../../local/cloud/index.ts";
import { systemClock } from "../../src/clock.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();
const template = {
  Resources: {
    Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "kept" } },
    Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "kept" } },
    Subscription: {
      Type: "AWS::SNS::Subscription",
      Properties: {
        TopicArn: { Ref: "Topic" },
        Protocol: "sqs",
        Endpoint: { "Fn::GetAtt": ["Queue", "Arn"] },
        RawMessageDelivery: true,
      },
    },
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: "kept",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      },
    },
    Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "kept" } },
    Slow: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "slow",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Timeout: 60,
        Code: { ZipFile: "exports.handler = () => new Promise((done) => setTimeout(done, 50_000));" },
      },
    },
  },
};
const assembly = writeAssembly(join(folder, "assembly"), { Shop: { template } });
const open: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(options: Partial<Parameters<typeof startLocalCloud>[0]> = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud({ assembly, port: 0, ...options });
  open.push(() => cloud.stop());
  return cloud;
}

function clientsOf(cloud: LocalCloud): ReturnType<typeof awsClients> {
  const clients = awsClients(cloud.endpoint);
  open.push(() => clients.destroy());
  return clients;
}

/** Ids of all processes below one. */
function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  // But for the one that is looking.
  const rows = table
    .trim()
    .split("\n")
    .filter((row) => !row.endsWith(" ps"));
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([id = 0, above]) => (above === parent ? [id, ...below(id)] : []));
  return below(pid);
}

const runs = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const memoryFolders = () =>
  existsSync("/dev/shm") ? readdirSync("/dev/shm").filter((name) => name.startsWith("omnibus-")) : [];

describe("stop", () => {
  it.each(["thread", "process"] as const)(
    "ends all within two seconds, a busy function in a %s too",
    async (environments) => {
      const before = memoryFolders();
      // Such as esbuild's, of another suite in this process.
      const others = descendants(process.pid);
      const cloud = await start({ environments });
      const busy = cloud.functions.invoke("slow", "{}");
      await eventually("the function runs", () => cloud.functions.stats("slow").running === 1);
      const children = descendants(process.pid).filter((pid) => !others.includes(pid));
      const startMs = systemClock.nowMs();

      await cloud.stop();

      expect(systemClock.nowMs() - startMs).toBeLessThan(2_000);
      expect(await busy).toMatchObject({ status: "error" });
      await eventually(
        "the children are gone",
        () => !children.some((pid) => descendants(process.pid).includes(pid)),
      );
      await eventually("the memory disk is as before", () =>
        memoryFolders().every((name) => before.includes(name)),
      );
      await expect(fetch(cloud.endpoint)).rejects.toThrow();
    },
  );

  it("is one, however often it is called", async () => {
    const cloud = await start();

    await Promise.all([cloud.stop(), cloud.stop()]);
    await cloud.stop();
  });

  it("leaves nothing when the start failed half-way", async () => {
    const broken = writeAssembly(join(folder, "broken"), {
      Shop: {
        template: {
          Resources: { Queue: { Type: "AWS::SQS::Queue", Properties: { VisibilityTimeout: -1 } } },
        },
      },
    });
    const before = descendants(process.pid);

    await expect(start({ assembly: broken })).rejects.toThrow(
      /^Shop\/Queue \(AWS::SQS::Queue\) could not be made: /,
    );

    await eventually("no child is left", () => descendants(process.pid).every((pid) => before.includes(pid)));
  });
});

describe("start", () => {
  it("removes the code folders of processes that were killed, and nobody else's", async () => {
    const left = join(tmpdir(), "omnibus-code-2147483646-left");
    const other = join(tmpdir(), `omnibus-code-${process.ppid}-other`);
    for (const one of [left, other]) mkdirSync(join(one, "inside"), { recursive: true });
    open.push(() => rmSync(other, { recursive: true }));

    await start();

    expect([existsSync(left), existsSync(other)]).toEqual([false, true]);
  });
});

describe("SIGKILL of the parent", () => {
  it.each(["thread", "process"])("leaves no child (%s environments)", async (environments) => {
    const script = fileURLToPath(new URL("./run-cloud.ts", import.meta.url));
    const parent: ChildProcess = spawn(process.execPath, [script, assembly, environments], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    open.push(() => parent.kill("SIGKILL"));
    let output = "";
    parent.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    await eventually("the cloud is up and a function runs", () => output.includes("busy"));
    const children = descendants(parent.pid ?? 0);
    // The endpoint, the guard's two shells with its ear, dynoxide; a function's process.
    expect(children.length).toBeGreaterThanOrEqual(4);

    parent.kill("SIGKILL");

    await eventually("the children are gone", () => !children.some(runs));
  });
});

describe("a taken port", () => {
  it("says by whom, and what to do", async () => {
    const server: Server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    open.push(() => server.close());
    const { port } = server.address() as { port: number };

    const failed = startLocalCloud({ assembly, port });

    await expect(failed).rejects.toMatchObject({
      code: "port-taken",
      message: expect.stringMatching(
        new RegExp(
          `^port ${port} is taken by ".+" \\(process ${process.pid}\\): end it \\(kill ${process.pid}\\), or choose another port`,
        ),
      ),
    });
  });
});

describe("dataDir", () => {
  const { Topic, Queue, Subscription, Table, Bucket } = template.Resources;
  const dead = { Type: "AWS::SQS::Queue", DeletionPolicy: "Retain", Properties: { QueueName: "dead" } };
  const stack = (name: string, Resources: object) =>
    writeAssembly(join(folder, name), { Shop: { template: { Resources } } });
  const namesOf = async (cloud: LocalCloud) => (await cloud.queues()).map(({ name }) => name).sort();

  it("gives up at the next start what the app has no longer, but neither data nor what is retained", async () => {
    const dataDir = join(folder, "shrinking");
    const all = { Topic, Queue, Subscription, Table, Bucket, Dead: dead };
    const first = await start({ dataDir, assembly: stack("all", all) });
    await clientsOf(first).sqs.send(new CreateQueueCommand({ QueueName: "made-by-hand" }));
    await first.stop();
    const lines: string[] = [];

    const second = await start({
      dataDir,
      assembly: stack("less", { Other: { Type: "AWS::SQS::Queue", Properties: { QueueName: "other" } } }),
      onProgress: (text) => lines.push(text),
    });

    expect(await namesOf(second)).toEqual(["dead", "made-by-hand", "other"]);
    const { sns, dynamodb } = clientsOf(second);
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(["kept"]);
    expect(lines.map((line) => line.replace(/,.*/, "").replace(/:[0-9a-f-]{36}$/, ":UUID")).sort()).toEqual([
      "kept in the data folder: AWS::DynamoDB::Table kept",
      "kept in the data folder: AWS::S3::Bucket kept",
      "kept in the data folder: AWS::SQS::Queue dead",
      "removed from the data folder: AWS::SNS::Subscription kept:UUID",
      "removed from the data folder: AWS::SNS::Topic kept",
      "removed from the data folder: AWS::SQS::Queue kept",
    ]);
    await second.stop();

    const third = await start({
      dataDir,
      assembly: stack("less", {}),
      onProgress: (text) => lines.push(text),
    });

    expect(lines.slice(6)).toEqual([expect.stringMatching(/^removed .* other, /)]);
    expect(await namesOf(third)).toEqual(["dead", "made-by-hand"]);
  });

  it("gives up at the next start what went while it ran", async () => {
    const dataDir = join(folder, "reloaded");
    const first = await start({ dataDir, assembly: stack("both", { Queue, Topic }) });
    await first.reload(stack("one", { Topic }));
    expect(await namesOf(first)).toEqual(["kept"]);
    await first.stop();

    const second = await start({ dataDir, assembly: stack("one", { Topic }) });

    expect(await namesOf(second)).toEqual([]);
  });

  it("leaves alone what another app has put there", async () => {
    const dataDir = join(folder, "shared");
    const first = await start({ dataDir, assembly: stack("mine", { Queue }) });
    await first.stop();
    const other = writeAssembly(join(folder, "others"), {
      Other: {
        template: { Resources: { Mine: { Type: "AWS::SQS::Queue", Properties: { QueueName: "other" } } } },
      },
    });

    const second = await start({ dataDir, assembly: other });

    expect(await namesOf(second)).toEqual(["kept", "other"]);
  });

  it("keeps messages, items and objects across restarts, at another port too", async () => {
    const dataDir = join(folder, "data");
    const first = await start({ dataDir });
    const one = clientsOf(first);
    const TopicArn = "arn:aws:sns:us-east-1:000000000000:kept";
    await one.sns.send(new PublishCommand({ TopicArn, Message: "still there" }));
    await one.dynamodb.send(new PutItemCommand({ TableName: "kept", Item: { id: { S: "1" } } }));
    await one.s3.send(new PutObjectCommand({ Bucket: "kept", Key: "a/b", Body: "object" }));
    await first.stop();

    const second = await start({ dataDir });
    const two = clientsOf(second);
    const [queue] = await second.queues();

    expect(queue).toMatchObject({ name: "kept", visible: 1, url: `${second.endpoint}/000000000000/kept` });
    const { Messages } = await two.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue?.url }));
    expect(Messages?.[0]?.Body).toBe("still there");
    const { Item } = await two.dynamodb.send(
      new GetItemCommand({ TableName: "kept", Key: { id: { S: "1" } } }),
    );
    expect(Item).toEqual({ id: { S: "1" } });
    const { Body } = await two.s3.send(new GetObjectCommand({ Bucket: "kept", Key: "a/b" }));
    expect(await Body?.transformToString()).toBe("object");
    await two.sns.send(new PublishCommand({ TopicArn, Message: "and goes on" }));
    expect((await second.queues())[0]?.visible).toBe(1);
  });
});

describe("memoryMb", () => {
  it("counts this process and its children", async () => {
    const cloud = await start();

    const all = await cloud.memoryMb();
    await cloud.stop();

    expect(all).toBeGreaterThan((await memoryOfTreeMb(process.pid)) + 20);
  });
});
