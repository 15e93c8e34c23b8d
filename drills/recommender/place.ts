import type { Depth, LogTally } from "../frame/index.ts";
import type { recommend } from "./names.ts";

/** Where the CDK app runs, and what the drill needs of it: this machine's own cloud, or an emulator of AWS. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  /** For the programs beside it: the order service, and whom to write to. */
  readonly environment: Readonly<Record<string, string>>;
  /** An interpreter with boto3. */
  readonly python: string;
  queues(): Promise<readonly (Depth & { readonly name: string })[]>;
  /** Kills a Python process that runs the handler, a busy one where that can be known. `undefined` when none runs. */
  killOne(): unknown;
  memoryMb(): Promise<number>;
  /** What the recommender says of its work; `undefined` where its log lines cannot be had. */
  readonly tally: LogTally<typeof recommend.name> | undefined;
  /** Ends all that was started for it. */
  end(): Promise<void>;
}
