import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A script that runs in a process of its own and speaks by messages. */
export interface Child {
  /** Sends one message and answers the next one that comes back. Throws when the child ends first. */
  ask(message: unknown): Promise<unknown>;
  /** The next message. Throws when the child ends first, with what it wrote to standard error. */
  next(): Promise<unknown>;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** What every child gets for an environment: enough for an AWS client that must never leave this machine. */
export function offlineEnvironment(endpoint: string): NodeJS.ProcessEnv {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  return {
    PATH,
    // Where it is set, its start is quicker; what is measured is after it.
    ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_EC2_METADATA_DISABLED: "true",
    NODE_ENV: "production",
  };
}

/** Starts `script`. Its standard output is drained and dropped, as a function's is by Lambda. */
export function startChild(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const child: ChildProcess = fork(script, args, { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const complaints: Buffer[] = [];
  const heard: unknown[] = [];
  let wake = () => {};
  let ended = false;
  child.stdout?.resume();
  child.stderr?.on("data", (chunk) => complaints.push(chunk));
  child.on("message", (message) => {
    heard.push(message);
    wake();
  });
  const gone = once(child, "close").then(() => {
    ended = true;
    wake();
  });

  const next = async () => {
    while (heard.length === 0) {
      if (ended) throw new Error(`${script} ${args.join(" ")} ended early:\n${Buffer.concat(complaints)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return heard.shift();
  };

  return {
    next,
    ask: (message) => {
      child.send(message as object);
      return next();
    },
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
