import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startFauxqs } from "fauxqs";
import { startEndpoint } from "../../local/cloud/endpoint/endpoint-process.ts";
import { startEmulator } from "../../local/emulator/index.ts";
import type { WantedCommand } from "../../local/tools/index.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { describeWith } from "../helpers/describe-with.ts";
import { startDynamoDB } from "../helpers/start-dynamodb.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { textOf } from "../house/source.ts";
import { functionQuestions } from "./function-questions.ts";
import type { Clients, Question, StandIn } from "./question.ts";
import { queueQuestions } from "./queue-questions.ts";
import { tableQuestions } from "./table-questions.ts";

interface Started {
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface Subject {
  readonly standIn: StandIn;
  readonly needs: readonly WantedCommand[];
  start(): Promise<Started>;
}

const forReferee = { for: "DynamoDB Local" };
const subjects: readonly Subject[] = [
  {
    standIn: "fauxqs",
    needs: [],
    start: async () => {
      const server = await startFauxqs({ port: 0, host: "127.0.0.1", logger: false });
      return { endpoint: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
    },
  },
  {
    standIn: "bus local",
    needs: [],
    start: async () => {
      const answerLambda = async () => ({ status: 200, headers: {}, body: "{}" });
      const { port, stop } = await startEndpoint(
        { port: 0, region: "us-east-1" },
        { answerLambda, onExit: () => {} },
      );
      return { endpoint: `http://127.0.0.1:${port}`, stop };
    },
  },
  { standIn: "dynoxide", needs: [], start: () => startDynamoDB("dynoxide") },
  {
    standIn: "DynamoDB Local",
    needs: [
      { command: "java", ...forReferee },
      { command: "mvn", ...forReferee },
    ],
    start: () => startDynamoDB("DynamoDB Local"),
  },
  {
    standIn: "MiniStack",
    needs: [{ command: "python3", for: "MiniStack" }],
    start: async () => {
      // The pinned release, also where another emulator runs.
      const environment = { ...process.env };
      delete environment.AWS_ENDPOINT_URL;
      const { endpoint, close } = await startEmulator({ environment });
      return { endpoint, stop: close };
    },
  },
];

const groups = {
  queues: queueQuestions,
  tables: tableQuestions,
  functions: functionQuestions(temporaryFolder()),
};
const questions = Object.values(groups).flat();

for (const { standIn, needs, start } of subjects) {
  await describeWith(needs, standIn, () => {
    let started: Started;
    let clients: Clients;
    // The first time, what stands in is fetched.
    beforeAll(async () => {
      started = await start();
      clients = awsClients(started.endpoint);
      // fauxqs's queue URLs lead nowhere: that is one of the questions, and not to be in the way of the others.
      if (standIn === "fauxqs") clients.sqs.config.useQueueUrlAsEndpoint = false;
    }, 300_000);
    afterAll(async () => {
      clients?.destroy();
      await started?.stop();
    });

    for (const [group, asked] of Object.entries(groups)) {
      for (const [index, { about, answers, ask }] of asked.entries()) {
        const known = answers[standIn];
        if (known === undefined) continue;
        it(`${about}: ${known}`, async () => {
          expect(await ask(clients, `probe-${group}-${index}`, started.endpoint)).toBe(known);
        });
      }
    }
  });
}

describe("docs/emulators.md", () => {
  const page = textOf("docs/emulators.md") ?? "";
  const rowsOf = (asked: readonly Question[], columns: readonly StandIn[]) =>
    asked.map(
      ({ about, aws, answers }) =>
        `| ${[about, aws, ...columns.map((column) => answers[column] ?? "")].join(" | ")} |`,
    );

  it("has a row for each question, and no other", () => {
    const rows = [
      ...rowsOf(groups.queues, ["bus local", "fauxqs", "MiniStack"]),
      ...rowsOf(groups.tables, ["dynoxide", "DynamoDB Local", "MiniStack"]),
      ...rowsOf(groups.functions, ["MiniStack"]),
    ];
    const [, asked = ""] = page.split("<!-- asked -->");
    const told = asked.split("\n").filter((line) => /^\| (?!-|Asked)/.test(line));

    expect(told).toEqual(rows);
  });

  it("asks nothing that all answer as AWS does", () => {
    const idle = questions.filter(({ aws, answers }) => Object.values(answers).every((one) => one === aws));

    expect(idle).toEqual([]);
  });

  it("names the releases that were asked", () => {
    expect(page).toContain(textOf("local/cloud/engines/dynoxide.ts")?.match(/dynoxideVersion = "(.+)"/)?.[1]);
    expect(page).toContain(textOf("local/cloud/engines/fauxqs.ts")?.match(/fauxqsVersion = "(.+)"/)?.[1]);
    expect(page).toContain(textOf("local/emulator/start-emulator.ts")?.match(/ministack==([\d.]+)/)?.[1]);
    expect(page).toContain(
      textOf("local/tools/dynamodb-local.pom.xml")?.match(/DynamoDBLocal<.+\n.+>([\d.]+)</)?.[1],
    );
  });
});
