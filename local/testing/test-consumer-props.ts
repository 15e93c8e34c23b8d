import type { SqsHandler } from "../../src/consume/index.ts";
import type { Contract } from "../../src/contract/index.ts";
import type { ConsumerMode, OnPoison } from "../../src/env.ts";

/** A consumer under test: in the words of the `Consumer` construct, with its defaults. Milliseconds. */
export interface TestConsumer {
  /** What `consume` made: the very function that is deployed. */
  readonly handler: SqsHandler;
  /** What its handler may emit. @default nothing, as in the construct */
  readonly emits?: readonly Contract[];
  /** @default "once" */
  readonly mode?: ConsumerMode;
  /** What a dead event does to its ordered group. @default "skip" */
  readonly onPoison?: OnPoison;
  /** @default 30 s */
  readonly timeoutMs?: number;
  /** @default 6 h, 5 s and 15 min */
  readonly retry?: {
    readonly surviveMs?: number;
    readonly firstDelayMs?: number;
    readonly maxDelayMs?: number;
  };
}
