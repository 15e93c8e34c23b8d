import type { ConsumerMode } from "../../src/env.ts";
import type { ContractPlan } from "./contract-plan.ts";
import type { NewFile } from "./new-file.ts";

/** What handler and test are made of. */
export interface ConsumerParts {
  readonly name: string;
  readonly mode: ConsumerMode;
  readonly on: ContractPlan;
  readonly emitted: ContractPlan | undefined;
}

/** Handler and test in one language. */
export interface ConsumerFiles {
  /** What the construct names as `entry`. */
  readonly entry: string;
  readonly files: readonly NewFile[];
  /** The command that runs the test. */
  readonly test: string;
  /** What this language asks for besides. */
  readonly notes: readonly string[];
}
