import type { ConsumerMode } from "../env.ts";

/** A limit, as far as a plan needs it: `limit()` makes one that fits. */
export interface PlannedLimit {
  readonly kind: "rate" | "quota";
  readonly name: string;
  /** All of it in one line. */
  readonly meaning: string;
  readonly count: number;
  readonly windowMs: number;
  /** A rate: how far ahead starts are reserved. */
  readonly horizonMs?: number;
  /** A rate: the items it is kept in, and the distance between their starts. */
  readonly parts?: readonly { readonly count: number; readonly spacingMicros: number }[];
  /** Set where each key has the rate for itself. */
  readonly key?: unknown;
}

/** What the others of a limit's sharers ask of it. */
export interface LimitSharer {
  readonly limit: string;
  readonly consumer: string;
  /** Starts that it may ask for at one time: invocations × batch. */
  readonly starts: number;
  /** What it is expected to start, where that was said. */
  readonly perSecond?: number | undefined;
}

/** Who takes a consumer's messages: Lambda's event source mapping, or its own function, called by a schedule. */
export type DrainBy = "mapping" | "schedule";

/** One consumer's settings, as far as a plan needs them. Times in milliseconds. */
export interface PlannedConsumer {
  /** What it is called, in the arithmetic. */
  readonly name: string;
  /** Who takes its messages. @default what its limits ask for */
  readonly drain?: DrainBy | undefined;
  /** Most invocations at once; one, where a schedule drains it. In provisioned mode, what the most pollers may ask for. */
  readonly concurrency: number;
  /** Provisioned mode: its pollers. Absent: standard mode. */
  readonly pollers?: { readonly minimum: number; readonly maximum: number } | undefined;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  /** Handlers side by side in one batch. */
  readonly parallel: number;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly fifo: boolean;
  readonly mode: ConsumerMode;
  readonly limits: readonly PlannedLimit[];
  /** What others ask of the same limits. */
  readonly sharers: readonly LimitSharer[];
  readonly surviveMs: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly maxReceiveCount: number;
  /** How long the ledger keeps what was done. */
  readonly keepMs: number;
  /** Where its topics are: the quota is the region's. */
  readonly region: string;
}
