import { parseArgs } from "node:util";
import { type Emulator, startEmulator } from "../../local/emulator/index.ts";
import { describeError } from "../../src/errors.ts";

const help = `npm run e2e -- [--orders N] [--json]

The life of a deployed bus on an emulator of AWS (MiniStack; or the one at AWS_ENDPOINT_URL, in an account of its own):
cdk bootstrap, cdk deploy, orders, a consumer added, an event by the plain AWS CLI, an outbox with transactions and stages
behind it, a replay, a reconciliation that finds differences by its schedule and repairs them by an approved plan, cdk destroy, and all of it again over what was kept. Never the real cloud. Needs Python 3.10 or later.

  --orders N   orders of the first run (default 1000); the second has a fifth of them
  --json       print the result as one line of JSON, the last on standard output

Exit codes: 0 all agrees, 2 usage, 3 failed.`;

process.exitCode = await main();

async function main(): Promise<number> {
  let values: { orders: string; json: boolean; help: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        orders: { type: "string", default: "1000" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    console.error(`${describeError(error).message}\n\n${help}`);
    return 2;
  }
  if (values.help) {
    console.log(help);
    return 0;
  }
  const orders = Number(values.orders);
  if (!Number.isInteger(orders) || orders < 100 || orders > 69_659) {
    console.error(
      `--orders: ${JSON.stringify(values.orders)} is none; give a whole number from 100 to 69659`,
    );
    return 2;
  }
  const log = (line: string) => console.error(line);
  const ending = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => ending.abort());
  let emulator: Emulator | undefined;
  try {
    emulator = await startEmulator({ log });
    // Loaded here, so that a missing Python is told at once.
    const [{ runScenario }, { report }] = await Promise.all([import("./scenario.ts"), import("./report.ts")]);
    const playing = runScenario({
      emulator,
      orders,
      ordersAgain: Math.ceil(orders / 5),
      signal: ending.signal,
      log,
    });
    const result = await Promise.race([playing, aborted(ending.signal)]);
    if (result === undefined) return 3;
    if (values.json) console.error(report(result));
    else console.log(report(result));
    if (values.json) console.log(JSON.stringify(result));
    return result.agree ? 0 : 3;
  } catch (error) {
    const { message } = describeError(error);
    console.error(message);
    if (values.json) console.log(JSON.stringify({ agree: false, findings: [message] }));
    return 3;
  } finally {
    // With it end the deployments that still run against it.
    await emulator?.close();
    if (ending.signal.aborted) process.exit(3);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined), { once: true }));
}
