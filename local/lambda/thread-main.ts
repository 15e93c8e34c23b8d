/** What runs inside a worker thread: one function, told what to do by messages. Started by thread-environment.ts. */
import { parentPort, workerData } from "node:worker_threads";
import type { Invocation } from "./environment.ts";
import { thrownPayload } from "./error-payload.ts";
import { loadHandler } from "./load-handler.ts";
import { runHandler } from "./run-handler.ts";
import type { ThreadData, ThreadMessage } from "./thread-environment.ts";

const { codeDir, handler, functionArn } = workerData as ThreadData;
const tell = (message: ThreadMessage) => parentPort?.postMessage(message);

/** An error outside of any handler ends the environment, as it ends Lambda's. */
const die = (errorType: string | undefined) => (thrown: unknown) => {
  tell({ died: thrownPayload(thrown, errorType) });
  process.exit(129);
};

try {
  const run = await loadHandler(codeDir, handler);
  process.on("uncaughtException", die(undefined));
  process.on("unhandledRejection", die("Runtime.UnhandledPromiseRejection"));
  parentPort?.on("message", async (invocation: Invocation) => {
    const answer = await runHandler(run, invocation, functionArn);
    // A rejection that the handler left behind comes first: it ends this thread, and the next invocation must not meet it.
    setImmediate(() => tell({ answer }));
  });
  tell({ ready: true });
} catch (thrown) {
  tell({ initFailed: thrownPayload(thrown) });
  process.exit(1);
}
