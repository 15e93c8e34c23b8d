import { existsSync } from "node:fs";
import { type Clock, systemClock } from "../../src/clock.ts";
import { machineEnvironment } from "../machine-environment.ts";
import { cacheFolder, pythonVenv, requireCommands } from "../tools/index.ts";
import type { Emulator } from "./emulator.ts";
import { emulatorEnvironment } from "./emulator-environment.ts";
import { EmulatorError } from "./emulator-error.ts";
import { refuseRealCloud } from "./refuse-real-cloud.ts";
import { startMiniStack } from "./start-ministack.ts";

/** The release that the known differences were tried on, and the SDK that Lambda's own Python has. */
const requirements = ["ministack==1.5.33", "boto3==1.43.11"];
const region = "us-east-1";
const secretAccessKey = "emulator";
const usualAccount = "000000000000";
const answerWithinMs = 5_000;

/**
 * An emulator of AWS for one test file, drill or command: MiniStack, started on a free port and empty, or the one that
 * runs already at `AWS_ENDPOINT_URL` (there an account of its own, so that nothing else in it is seen or touched).
 *
 * The first call of all makes a Python environment in `.cache/` (a minute, and the network); the next take a second.
 * What was started ends with this process, also when that is killed. Close it when done.
 *
 * Throws `ToolsError` when Python ≥ 3.10 is missing, and `EmulatorError` when the endpoint is the real cloud, is no
 * emulator, or does not answer.
 *
 * @example
 * const emulator = await startEmulator();
 * await deployApp({ app: "node bin/app.ts", emulator, stacks: ["shop-bus", "shop-points"] });
 * const sns = new SNSClient(emulator.client);
 * spawn(emulator.python, ["publish.py"], { env: emulator.env });
 * await emulator.close();
 */
export async function startEmulator({
  log = () => {},
  environment = machineEnvironment(),
  clock = systemClock,
}: {
  /** Gets a line now and then about what takes time. */
  readonly log?: (line: string) => void;
  /** Where `AWS_ENDPOINT_URL` and `PATH` are read. @default this process's own */
  readonly environment?: Readonly<NodeJS.ProcessEnv>;
  readonly clock?: Clock;
} = {}): Promise<Emulator> {
  const given = environment.AWS_ENDPOINT_URL;
  // Before anything else is done.
  const existing = given === undefined ? undefined : refuseRealCloud(given);
  if (existing !== undefined) await greet(existing);
  await requireCommands([{ command: "python3", for: "the emulator (MiniStack)" }], environment);
  const folder = cacheFolder("venv-emulator");
  if (!existsSync(folder))
    log("making a Python environment for the emulator in .cache (once, about a minute) …");
  const { python } = await pythonVenv({ folder, requirements });
  const account = existing === undefined ? usualAccount : ownAccount(clock);
  const credentials = { accessKeyId: account, secretAccessKey };
  const environmentAt = (endpoint: string) =>
    emulatorEnvironment({ inherited: environment, endpoint, region, ...credentials, python });

  const started = existing === undefined ? await startMiniStack({ python, environmentAt }) : undefined;
  const endpoint = started?.endpoint ?? refuseRealCloud(existing);
  log(`emulator at ${endpoint}, account ${account}${started === undefined ? " (it ran already)" : ""}`);
  return {
    endpoint,
    region,
    account,
    client: { endpoint, region, credentials },
    env: environmentAt(endpoint),
    python,
    isOurs: started !== undefined,
    output: () => started?.output() ?? "",
    close: async () => started?.stop(),
  };
}

/** Twelve digits that nobody else uses: emulators take an access key of this form as the account. */
function ownAccount(clock: Clock): string {
  const digits = Array.from({ length: 11 }, () => Math.floor(clock.random() * 10));
  return `9${digits.join("")}`;
}

/** Makes sure that an emulator listens there, and not something else: it is about to be written to. */
async function greet(endpoint: string): Promise<void> {
  const page = `${endpoint}/_localstack/health`;
  let why: string;
  try {
    const answer = await fetch(page, { signal: AbortSignal.timeout(answerWithinMs) });
    const { services = {} } = (answer.ok ? await answer.json() : {}) as { services?: object };
    if ("cloudformation" in services) return;
    // Such as the local cloud of `bus local`, which runs templates without deploying them.
    why = answer.ok ? `${page} names no cloudformation` : `${page} answered ${answer.status}`;
  } catch (thrown) {
    why = `${page}: ${thrown instanceof Error ? ((thrown.cause as Error | undefined)?.message ?? thrown.message) : thrown}`;
  }
  throw new EmulatorError(
    "emulator-unreachable",
    `AWS_ENDPOINT_URL=${endpoint} is no emulator that answers (${why}). Start one there, or unset AWS_ENDPOINT_URL to have one started`,
  );
}
