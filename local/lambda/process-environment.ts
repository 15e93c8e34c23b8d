import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describeError } from "../../src/errors.ts";
import { programBeside } from "../program-beside.ts";
import type { Environment, EnvironmentAnswer, EnvironmentOptions } from "./environment.ts";
import { errorPayload, exitPayload } from "./error-payload.ts";
import { eachLine } from "./lines.ts";
import { openRuntimeApi, type RuntimeApi } from "./runtime-api.ts";

/** How a process is started. */
export interface ProcessOptions {
  readonly language: "node" | "python";
  /** The interpreter that has `awslambdaric`. */
  readonly python: string;
  /** Listen for a debugger. */
  readonly inspect: boolean;
}

const debuggerPort = 9229;

/**
 * An environment in a process of its own that speaks Lambda's Runtime API, so that any runtime interface client fits.
 * It can be killed, and it ends when this process does.
 */
export function startProcess(options: EnvironmentOptions, how: ProcessOptions): Environment {
  const ready = Promise.withResolvers<string | undefined>();
  const ended = Promise.withResolvers<void>();
  let child: ChildProcess | undefined;
  let api: RuntimeApi | undefined;
  let requestId = "";
  let answer: ((answer: EnvironmentAnswer) => void) | undefined;
  let gone: string | undefined;

  const finish = (payload: string) => {
    if (gone !== undefined) return;
    gone = payload;
    // It told why before it exited.
    const last = api?.posted();
    const told = last?.status === "error" ? last.payload : payload;
    api?.close();
    ready.resolve(payload);
    answer?.({ status: "error", kind: "exit", payload: told });
    ended.resolve();
  };

  const start = async () => {
    api = await openRuntimeApi(options.functionArn);
    const [command, ...words] =
      how.language === "node" ? await nodeCommand(how) : pythonCommand(options, how);
    // `end` may have come first: then nothing is started any more.
    if (gone !== undefined) return api.close();
    child = spawn(command as string, words, {
      cwd: options.codeDir,
      env: { ...options.variables, AWS_LAMBDA_RUNTIME_API: api.address },
      // Node ends when its channel closes, Python when its standard input does.
      stdio: how.language === "node" ? ["ignore", "pipe", "pipe", "ipc"] : ["pipe", "pipe", "pipe"],
    });
    child.once("error", (error) =>
      finish(errorPayload("Runtime.InvalidEntrypoint", `${command}: ${error.message}`)),
    );
    child.once("exit", (code, signal) => finish(exitPayload(requestId, { code, signal })));
    if (child.stdout) eachLine(child.stdout, options.onLine);
    if (child.stderr) eachLine(child.stderr, options.onLine);
    api.ready.then(ready.resolve);
  };
  start().catch((error) => finish(errorPayload("Runtime.InvalidEntrypoint", describeError(error).message)));

  return {
    get pid() {
      return gone === undefined ? child?.pid : undefined;
    },
    ready: ready.promise,
    ended: ended.promise,
    invoke(invocation) {
      requestId = invocation.requestId;
      if (gone !== undefined || !api) {
        return Promise.resolve({
          status: "error",
          kind: "exit",
          payload: gone ?? exitPayload(requestId, {}),
        });
      }
      const offered = api.offer(invocation);
      return new Promise((resolve) => {
        answer = resolve;
        void offered.then(resolve);
      });
    },
    async end() {
      if (child && gone === undefined) child.kill("SIGKILL");
      else finish(exitPayload(requestId, { signal: "SIGKILL" }));
      await ended.promise;
    },
  };
}

/** Half of the young heap, in MB: Node's own 16 would let a dozen small functions take hundreds of MB more. */
const youngHalfMb = 4;

async function nodeCommand({ inspect }: ProcessOptions): Promise<string[]> {
  const loop = fileURLToPath(programBeside("runtime-node", import.meta.url));
  const flags = ["--disable-warning=ExperimentalWarning", `--max-semi-space-size=${youngHalfMb}`];
  if (inspect) flags.push(`--inspect=127.0.0.1:${(await isFree(debuggerPort)) ? debuggerPort : 0}`);
  return [process.execPath, ...flags, loop];
}

/**
 * `python3 -m awslambdaric handler`, with an ear at standard input so that it ends with the process that started it.
 * Ctrl-C in a terminal reaches it, too: that is for the process that started it, and no reason for a traceback.
 */
function pythonCommand({ handler }: EnvironmentOptions, { python }: ProcessOptions): string[] {
  const program = [
    "import os, runpy, signal, sys, threading",
    "signal.signal(signal.SIGINT, signal.SIG_IGN)",
    "threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()",
    "sys.argv = ['awslambdaric', sys.argv[1]]",
    "runpy.run_module('awslambdaric', run_name='__main__')",
  ].join("\n");
  return [python, "-u", "-c", program, handler];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
