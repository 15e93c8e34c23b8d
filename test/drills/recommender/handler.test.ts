import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { programEnvironment } from "../../../drills/frame/program-environment.ts";
import { customersTable, recommend } from "../../../drills/recommender/names.ts";
import { readBack } from "../../../drills/recommender/readings.ts";
import { askWhom } from "../../../drills/recommender/whom.ts";
import { runTool } from "../../../local/tools/index.ts";
import { describeWith } from "../../helpers/describe-with.ts";
import { pythonTools } from "../../helpers/python-tools.ts";
import { startDynamoDB, type TestDynamoDB } from "../../helpers/start-dynamodb.ts";
import { startQueues } from "../../helpers/start-queues.ts";

const handler = join(import.meta.dirname, "../../../drills/recommender/handler");
const needs = [{ command: "python3", for: "the recommender" }] as const;

await describeWith(needs, "the recommender's handler", () => {
  let dynamodb: TestDynamoDB;
  let python: string;
  beforeAll(async () => {
    [dynamodb, { python }] = await Promise.all([startDynamoDB(), pythonTools()]);
    await dynamodb.createTable(customersTable, "customer");
  }, 300_000);
  afterAll(() => dynamodb?.stop());

  const environment = () => programEnvironment({ endpoint: dynamodb.endpoint, region: "us-east-1" });
  /** Orders as the handler adds them: customer, day, cents, effect key. */
  const add = (orders: readonly (readonly [string, string, number, string])[]) => {
    const program = [
      "import boto3, json, sys",
      `sys.path.insert(0, ${JSON.stringify(handler)})`,
      "from customers import Customers",
      `customers = Customers(boto3.client("dynamodb"), ${JSON.stringify(customersTable)})`,
      "for order in json.loads(sys.argv[1]): customers.add(*order)",
    ].join("\n");
    return runTool(python, ["-B", "-c", program, JSON.stringify(orders)], { environment: environment() });
  };

  it("counts an effect once, however often it comes, and keeps the latest day whatever comes last", async () => {
    await add([
      ["ann", "1997-02-01", 500, "e1"],
      ["ann", "1997-05-01", 700, "e2"],
      ["ann", "1997-03-01", 100, "e3"],
      ["ann", "1997-02-01", 500, "e1"],
      ["ann", "1997-03-01", 100, "e3"],
      ["ann", "1997-05-01", 700, "e2"],
      ["ben", "1997-01-01", 9, "e4"],
    ]);
    const queues = await startQueues();
    queues.createQueue(recommend.deadLetterQueueName);
    try {
      const read = await readBack({ dynamodb: dynamodb.client, sqs: queues.client });
      expect(read).toMatchObject({ customers: 2, handled: 4, effects: 4, cents: 1_309 });
    } finally {
      await queues.stop();
    }
  }, 60_000);

  it("writes to the valuable who are cooling, not to those who just ordered nor to those long gone", async () => {
    // With ann and ben there are eight: fresh, new and small came last, ben and gone have been away the longest.
    await add([
      ["fresh", "1998-06-30", 99_000, "f1"],
      ["new", "1998-06-29", 10, "f2"],
      ["often", "1998-01-02", 3_000, "c1"],
      ["often", "1998-01-03", 3_000, "c2"],
      ["rich", "1998-01-01", 50_000, "c3"],
      ["small", "1998-01-04", 5, "c4"],
      ["gone", "1997-01-01", 90_000, "g1"],
    ]);

    const letters = await askWhom({
      python,
      environment: environment(),
      count: 3,
      signal: AbortSignal.timeout(60_000),
    });

    expect(letters.map(({ customer }) => customer)).toEqual(["often", "ann", "rich"]);
    // Often and ann are worth as much by their marks; often has spent more.
    expect(letters.map(({ marks }) => marks)).toEqual([
      { recency: 3, frequency: 4, money: 3 },
      { recency: 2, frequency: 5, money: 2 },
      { recency: 2, frequency: 1, money: 4 },
    ]);
  }, 60_000);
});
