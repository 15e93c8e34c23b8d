import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { type Clock, sleep, systemClock } from "../../src/clock.ts";
import { cacheFolder } from "./cache-folder.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-process.ts";
import { mavenDependencies } from "./maven.ts";
import { findProgram, requireCommands } from "./require-commands.ts";
import { ToolsError } from "./tools-error.ts";

const askAgainMs = 50;
/** Java starts in one to three seconds; a machine that is busy takes longer. */
const patienceMs = 60_000;

/** AWS's own DynamoDB, running on this machine. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts DynamoDB Local on a free port, in memory: AWS's own code, the referee for all that we believe about DynamoDB.
 * Maven fetches it once into `.cache/` (50 MB; tried on Linux x64). It ends with this process, however this one ends. Takes any key and region.
 *
 * Throws `ToolsError` when Java or Maven is missing, or when it does not start.
 */
export async function startDynamoDbLocal({
  clock = systemClock,
}: {
  readonly clock?: Clock;
} = {}): Promise<DynamoDbLocal> {
  const purpose = { for: "DynamoDB Local" };
  await requireCommands([
    { command: "java", ...purpose },
    { command: "mvn", ...purpose },
  ]);
  const library = await mavenDependencies({
    pom: join(import.meta.dirname, "dynamodb-local.pom.xml"),
    folder: cacheFolder("dynamodb-local"),
    clock,
  });
  const port = await freePort();
  const child = startGuarded(findProgram("java") ?? "java", [
    ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"],
    `-Djava.library.path=${library}`,
    ...["-cp", join(library, "*"), "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"],
    ...["-inMemory", "-sharedDb", "-disableTelemetry", "-port", String(port)],
  ]);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilAnswering(child, endpoint, clock);
  return { endpoint, stop: () => end(child) };
}

/** It prints its settings before it listens: only an answer shows that it does. */
async function untilAnswering(child: ChildProcess, endpoint: string, clock: Clock): Promise<void> {
  let said = "";
  let ended = false;
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  child.once("exit", () => {
    ended = true;
  });
  const untilMs = clock.nowMs() + patienceMs;
  while (!(await answers(endpoint))) {
    if (ended || clock.nowMs() > untilMs) {
      await end(child);
      throw new ToolsError("dynamodb-local-start", `DynamoDB Local did not start: ${said.trim()}`);
    }
    await sleep(clock, askAgainMs);
  }
}

/** Any answer will do: it refuses a call without a signature. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await (await fetch(endpoint, { method: "POST" })).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}
