import type { FunctionHost } from "../lambda/index.ts";
import type { Mapping, StreamMapping } from "../mapping/index.ts";
import type { DeployedStack } from "./deployment/describe-stack.ts";
import type { QueueDepth } from "./endpoint/messages.ts";

/** A CDK app, running on this machine. Made by `startLocalCloud`. */
export interface LocalCloud {
  /** `http://127.0.0.1:4566`: what any AWS SDK takes as `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** The stacks as they stand now, in the order they were made. */
  readonly stacks: readonly DeployedStack[];
  /** What the app has and this machine has not, one sentence each. */
  readonly unsupported: readonly string[];
  readonly functions: FunctionHost;
  /** Mappings of queues. */
  mappings(): readonly Mapping[];
  /** Mappings of tables' streams. */
  streamMappings(): readonly StreamMapping[];
  queues(): Promise<readonly QueueDepth[]>;
  /** Resident memory of this process and of all that it has started. */
  memoryMb(): Promise<number>;
  /**
   * Takes another synthesis of the app: new code and settings of functions, mappings, queues and subscriptions are
   * applied, new resources made. What needs a new start is named in `notApplied`. Throws for an app that cannot run;
   * what ran before goes on.
   */
  reload(assembly: string): Promise<{ changed: readonly string[]; notApplied: readonly string[] }>;
  /** Ends everything, within two seconds, children included. A second call waits for the first. */
  stop(): Promise<void>;
}
