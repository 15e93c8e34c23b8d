import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../local/tools/index.ts";
import type { SqsBatchResponse, SqsRecord } from "../../src/consume/index.ts";
import type { ConsumerSettings } from "../../src/env.ts";
import { pythonTools } from "../helpers/python-tools.ts";

export type Language = "TypeScript" | "Python";

/** One run of a handler, as the driver tells it. */
export interface Run {
  readonly id: string;
  readonly attempt: number;
  readonly effectKey: string;
}

/** What came of one batch. */
export interface BatchResult {
  /** `undefined` when the process ended instead. */
  readonly answer: SqsBatchResponse | undefined;
  readonly runs: readonly Run[];
  /** Log and metrics lines, parsed. */
  readonly lines: readonly Record<string, unknown>[];
  /** Exit code or signal, when the process ended. */
  readonly ended: number | string | undefined;
}

/** A consumer in a process of its own. */
export interface ConsumerProcess {
  deliver(records: readonly SqsRecord[], remainingMs?: number): Promise<BatchResult>;
  stop(): Promise<void>;
}

type Said =
  | { readonly ran: Run }
  | { readonly line: Record<string, unknown> }
  | { readonly answer: SqsBatchResponse };

/** Those that are running: a test that fails must not leave one behind. */
const running = new Set<ConsumerProcess>();

/** Ends all that were started and not stopped; for `afterAll`. */
export async function stopConsumers(): Promise<void> {
  await Promise.all([...running].map((consumer) => consumer.stop()));
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Starts the driver of a language; `crash` names the point at which it kills itself. */
export async function startConsumer(
  language: Language,
  settings: ConsumerSettings,
  endpoints: { readonly dynamodb: string; readonly queues: string },
  crash?: "claimed" | "handled" | "done",
): Promise<ConsumerProcess> {
  const [command, script] =
    language === "Python"
      ? [(await pythonTools()).python, here("consumer_driver.py")]
      : [process.execPath, here("consumer-driver.ts")];
  const child = spawn(command, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: here("../../python"),
      PYTHONDONTWRITEBYTECODE: "1",
      // Compiling ours and the SDK is half of a start.
      NODE_COMPILE_CACHE: cacheFolder("compile"),
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: settings.region,
      AWS_DEFAULT_REGION: settings.region,
      AWS_ENDPOINT_URL: endpoints.queues,
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      OMNIBUS: JSON.stringify(settings),
      ...(crash ? { OMNIBUS_CRASH: crash } : {}),
    },
  });
  const exit = once(child, "exit").then(([code, signal]) => (signal ?? code) as number | string);
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said | undefined> => {
    const { value, done } = await said.next();
    return done ? undefined : JSON.parse(value);
  };
  if (!(await next())) throw new Error(`the consumer in ${language} ended before it was ready`);

  const consumer: ConsumerProcess = {
    async deliver(records, remainingMs = 30_000) {
      child.stdin.write(`${JSON.stringify({ records, remainingMs })}\n`);
      const runs: Run[] = [];
      const lines: Record<string, unknown>[] = [];
      for (let one = await next(); one; one = await next()) {
        if ("answer" in one) return { answer: one.answer, runs, lines, ended: undefined };
        if ("ran" in one) runs.push(one.ran);
        else lines.push(one.line);
      }
      return { answer: undefined, runs, lines, ended: await exit };
    },
    async stop() {
      running.delete(consumer);
      child.kill("SIGKILL");
      await exit;
    },
  };
  running.add(consumer);
  return consumer;
}
