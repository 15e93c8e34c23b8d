import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { programBeside } from "../program-beside.ts";
import type { Environment, EnvironmentAnswer, EnvironmentOptions } from "./environment.ts";
import { errorPayload, exitPayload } from "./error-payload.ts";
import { eachLine } from "./lines.ts";

/** What a worker is started with. */
export type ThreadData = Pick<EnvironmentOptions, "codeDir" | "handler" | "functionArn">;

/** What a worker says. */
export type ThreadMessage =
  | { readonly ready: true }
  | { readonly initFailed: string }
  | { readonly answer: EnvironmentAnswer }
  | { readonly died: string };

/**
 * A Node environment in a worker thread, spoken to by message: the quickest there is. It has `process.env`,
 * modules and memory limit of its own; `process.exit` ends the thread alone. Unlike in Lambda, its working
 * directory is the host's.
 */
export function startThread({ variables, onLine, memoryMb, ...options }: EnvironmentOptions): Environment {
  const { codeDir, handler, functionArn } = options;
  const data: ThreadData = { codeDir, handler, functionArn };
  const worker = new Worker(programBeside("thread-main", import.meta.url), {
    env: { ...variables },
    workerData: data,
    stdout: true,
    stderr: true,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // The function's memory is the whole process's in Lambda; here it bounds the heap, the part that grows.
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  eachLine(worker.stdout, onLine);
  eachLine(worker.stderr, onLine);

  let requestId = "";
  let answer: ((answer: EnvironmentAnswer) => void) | undefined;
  let died: string | undefined;
  let gone = false;
  const ready = Promise.withResolvers<string | undefined>();
  const ended = once(worker, "exit").then(() => {});
  const settle = (result: EnvironmentAnswer) => {
    const tell = answer;
    answer = undefined;
    tell?.(result);
  };

  worker.on("message", (message: ThreadMessage) => {
    if ("answer" in message) settle(message.answer);
    else if ("ready" in message) ready.resolve(undefined);
    else if ("initFailed" in message) ready.resolve(message.initFailed);
    else died = message.died;
  });
  worker.on("error", (error: Error & { code?: string }) => {
    died =
      error.code === "ERR_WORKER_OUT_OF_MEMORY"
        ? errorPayload(
            "Runtime.OutOfMemory",
            `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
          )
        : errorPayload(error.name, error.message, error.stack?.split("\n"));
  });
  worker.on("exit", (code) => {
    gone = true;
    const payload = died ?? exitPayload(requestId, { code });
    ready.resolve(payload);
    settle({ status: "error", kind: "exit", payload });
  });

  return {
    pid: undefined,
    ready: ready.promise,
    ended,
    invoke(invocation) {
      requestId = invocation.requestId;
      if (gone) {
        return Promise.resolve({
          status: "error",
          kind: "exit",
          payload: died ?? exitPayload(requestId, {}),
        });
      }
      return new Promise((resolve) => {
        answer = resolve;
        worker.postMessage(invocation);
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}
