import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../src/clock.ts";
import { programBeside } from "../../program-beside.ts";
import { apiError } from "../api-answer.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import { describeTakenPort } from "../port-owner.ts";
import type {
  EndpointOptions,
  ForwardedAnswer,
  ForwardedRequest,
  FromEndpoint,
  QueueDepth,
  ToEndpoint,
} from "./messages.ts";

/** The endpoint, as the process that started it sees it. */
export interface EndpointProcess {
  readonly port: number;
  /** Where the DynamoDB engine itself listens, for what knows no ARNs. */
  readonly dynamodbPort: number;
  readonly notes: readonly string[];
  queues(): Promise<readonly QueueDepth[]>;
  /** Has its health page say that all of the app is there. Until then it answers 503. */
  stands(): void;
  /** Ends it and the engines. Takes half a second at most: then they are killed. */
  stop(): Promise<void>;
}

const patienceMs = 500;

/**
 * Starts the endpoint in a process of its own. `answerLambda` and `answerScheduler` answer the requests to their APIs; `onExit` is called
 * when the process ends unasked. Throws `LocalCloudError`: for a taken port with who holds it and what to do.
 */
export async function startEndpoint(
  options: EndpointOptions,
  {
    answerLambda,
    answerScheduler = async () => apiError(501, "NotImplementedException", "there is no scheduler here"),
    onExit,
    onNote = () => {},
  }: {
    answerLambda: (request: ForwardedRequest) => Promise<ForwardedAnswer>;
    answerScheduler?: (request: ForwardedRequest) => Promise<ForwardedAnswer>;
    onExit: (reason: string) => void;
    /** Gets a sentence for people when something happens that AWS would keep to itself. */
    onNote?: (text: string) => void;
  },
): Promise<EndpointProcess> {
  const child = fork(fileURLToPath(programBeside("main", import.meta.url)), [JSON.stringify(options)], {
    // Not the flags of this process: an inspector's port, say, can be taken only once.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const send = (message: ToEndpoint) => {
    if (child.connected) child.send(message, () => {});
  };
  const waiting = new Map<number, (queues: readonly QueueDepth[]) => void>();
  let lastId = 0;
  let stopping = false;
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4_000);
  });

  const started = Promise.withResolvers<Pick<EndpointProcess, "port" | "dynamodbPort" | "notes">>();
  child.on("message", (message: FromEndpoint) => {
    if (message.kind === "ready") started.resolve(message);
    else if (message.kind === "failed") started.reject(message);
    else if (message.kind === "note") onNote(message.text);
    else if (message.kind === "queues") {
      waiting.get(message.id)?.(message.queues);
      waiting.delete(message.id);
    } else {
      const { id, service, request } = message;
      const answering = service === "lambda" ? answerLambda(request) : answerScheduler(request);
      void answering.then((answer) => send({ kind: "forward-answer", id, answer }));
    }
  });
  child.once("exit", (code, signal) => {
    const reason = `the local endpoint ended (${signal ?? code}) ${complaint.trim()}`.trim();
    started.reject({ kind: "failed", code: "endpoint-exit", message: reason });
    for (const answer of waiting.values()) answer([]);
    waiting.clear();
    if (!stopping) onExit(reason);
  });

  try {
    const { port, dynamodbPort, notes } = await started.promise;
    return {
      port,
      dynamodbPort,
      notes,
      queues: () =>
        new Promise((resolve) => {
          if (!child.connected) {
            resolve([]);
            return;
          }
          const id = ++lastId;
          waiting.set(id, resolve);
          send({ kind: "queues", id });
        }),
      stands: () => send({ kind: "stands" }),
      stop: () => {
        stopping = true;
        send({ kind: "stop" });
        return ended(child);
      },
    };
  } catch (failure) {
    stopping = true;
    await ended(child);
    const { code, message } = failure as { code: string; message: string };
    if (code === "EADDRINUSE") throw new LocalCloudError("port-taken", describeTakenPort(options.port));
    throw new LocalCloudError(code, message);
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = systemClock.after(patienceMs, () => child.kill("SIGKILL"));
    child.once("exit", () => {
      cancel();
      resolve();
    });
  });
}
