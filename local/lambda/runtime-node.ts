/**
 * A Node process's side of Lambda's Runtime API: ask for an invocation, run it, post what came of it, again. Started by
 * process-environment.ts with the variables that Lambda sets.
 */
import { Agent, request } from "node:http";
import { thrownPayload } from "./error-payload.ts";
import { loadHandler } from "./load-handler.ts";
import { runHandler } from "./run-handler.ts";

const { AWS_LAMBDA_RUNTIME_API = "", LAMBDA_TASK_ROOT = "", _HANDLER = "" } = process.env;
const [hostname, port] = AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new Agent({ keepAlive: true });

// Whoever started this process is gone: nobody waits for an answer any more. (The open channel also keeps a handler
// that waits for nothing at all alive until its time is up, as in a thread.)
process.once("disconnect", () => process.exit(1));

try {
  const handler = await loadHandler(LAMBDA_TASK_ROOT, _HANDLER);
  let requestId = "";
  let dying = false;
  const die = (errorType: string | undefined) => async (thrown: unknown) => {
    if (dying) return;
    dying = true;
    if (requestId !== "")
      await call("POST", `invocation/${requestId}/error`, thrownPayload(thrown, errorType)).catch(() => {});
    process.exit(129);
  };
  process.on("uncaughtException", die(undefined));
  process.on("unhandledRejection", die("Runtime.UnhandledPromiseRejection"));
  for (;;) {
    const next = await call("GET", "invocation/next");
    requestId = String(next.headers["lambda-runtime-aws-request-id"]);
    const deadlineMs = Number(next.headers["lambda-runtime-deadline-ms"]);
    const functionArn = String(next.headers["lambda-runtime-invoked-function-arn"]);
    const answer = await runHandler(handler, { requestId, deadlineMs, payload: next.body }, functionArn);
    const path = `invocation/${requestId}/${answer.status === "ok" ? "response" : "error"}`;
    await call("POST", path, answer.payload);
    // The next invocation must not come to a process that is on its way out.
    if (dying) await new Promise(() => {});
    requestId = "";
  }
} catch (thrown) {
  await call("POST", "init/error", thrownPayload(thrown)).catch(() => {});
  process.exit(1);
}

function call(method: "GET" | "POST", path: string, body?: string) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const sent = request(
      { hostname, port, agent, method, headers, path: `/2018-06-01/runtime/${path}` },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({ headers: answer.headers, body: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
