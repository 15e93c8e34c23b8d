import type { Clock } from "../../src/clock.ts";

/** What `startLocalCloud` takes. */
export interface LocalCloudOptions {
  /** The folder of a synthesized CDK app. */
  readonly assembly: string;
  /** Where the endpoint listens, on 127.0.0.1; 0 takes any free port. @default 4566, where LocalStack's users look */
  readonly port?: number;
  /** Keeps queues, tables and objects there across restarts. @default in memory: a start begins anew */
  readonly dataDir?: string;
  /** Where Node functions run. Processes can be killed. @default "thread", which is quicker */
  readonly environments?: "thread" | "process";
  /** Most environments of one function. @default 4, what a laptop can take for a dozen functions */
  readonly maxEnvironments?: number;
  /** A function to debug: its name, its construct's id, or what its name ends in after a hyphen. */
  readonly inspect?: string;
  /**
   * The interpreter for functions in Python, with `awslambdaric` and `boto3`.
   * @default OMNIBUS_PYTHON, else `.venv/bin/python` in the working directory, else `python3`
   */
  readonly python?: string;
  /** Gets every line that a function writes. */
  readonly onLog?: (functionName: string, line: string) => void;
  /** Gets a sentence for people now and then. */
  readonly onProgress?: (text: string) => void;
  readonly clock?: Clock;
}
