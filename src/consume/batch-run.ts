import type { Breaker } from "../breaker/index.ts";
import type { ClaimSource, ClaimWriter } from "../claim-check/index.ts";
import type { Clock } from "../clock.ts";
import type { AnyEventOf, Contract } from "../contract/index.ts";
import type { ConsumerSettings } from "../env.ts";
import type { Ending, EndResult, Ledger, RecordRequest, RecordResult } from "../ledger/index.ts";
import type { Limiter } from "../limits/index.ts";
import type { ParkedStore } from "../parking/index.ts";
import type { Publisher } from "../publish/index.ts";
import type { Sink } from "../telemetry/index.ts";
import type { CommitRequest, Committed, TransactionStore } from "../transaction/index.ts";
import type { HandlerContext } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import type { GroupCommit } from "./group-commit.ts";
import type { Cause } from "./outcome.ts";
import type { ParkedGroups } from "./parked-groups.ts";
import type { ConsumerQueues } from "./ports.ts";
import type { Running } from "./running.ts";
import type { StoredEmits } from "./stored-emits.ts";

/** The user's function: resolves when the event is handled, throws to have it tried again. */
export type Handler<C extends Contract> = (event: AnyEventOf<C>, context: HandlerContext) => unknown;

/** What a limit counts. */
export type LimitAt = "handler" | "call";

/** The user's probe: resolves when the dependency answers again, throws while it is down. */
export type Probe = (dependency: string, context: { readonly signal: AbortSignal }) => unknown;

/** What a consumer is made of; the same for all its batches. */
export interface ConsumerParts {
  readonly settings: ConsumerSettings;
  readonly contracts: readonly Contract[];
  readonly handler: Handler<Contract>;
  readonly ledger: Ledger;
  /** Where handlers' writes are committed. Absent in every mode but `transaction`. */
  readonly transactions: TransactionStore | undefined;
  readonly queues: ConsumerQueues;
  readonly publisher: Pick<Publisher, "send" | "flush">;
  /** Absent where the consumer has no limits. */
  readonly limiter: Limiter | undefined;
  /** What a limit counts: starts of the handler, or calls through `ctx.limit.run`. */
  readonly limitAt: LimitAt;
  /** Absent where the consumer knows no holds. */
  readonly breaker: Breaker | undefined;
  /** Where groups wait behind a poison. Absent where the consumer does not park. */
  readonly parkedStore: ParkedStore | undefined;
  /** Where data lies that was too large for a message. */
  readonly claims: ClaimSource;
  /** Takes the data of what it emits where that is too large for a message. Absent where the bus has no claims. */
  readonly claimWriter: ClaimWriter | undefined;
  readonly clock: Clock;
  readonly sink: Sink;
  /**
   * Runs work when nothing else of this process runs. Absent where it has one batch at a time anyway, as behind a mapping.
   */
  readonly alone?: (work: () => Promise<void>) => Promise<void>;
  /** Ends this process at once: the last resort against a handler that does not stop. */
  readonly endProcess: () => void;
}

/** One batch: the consumer's parts, and what is this invocation's own. */
export interface BatchRun extends ConsumerParts {
  /** Unique to this run: the owner of its claims. */
  readonly owner: string;
  readonly queueArn: string;
  readonly deadline: Deadline;
  /** Endings of claims, written in groups. */
  readonly endings: GroupCommit<Ending, EndResult>;
  /** What is written without a claim (mode `record`), in groups. */
  readonly records: GroupCommit<RecordRequest, RecordResult>;
  /** Handlers' writes, each with the completion of its event: begun at once, one by one. */
  readonly commits: GroupCommit<CommitRequest, Committed>;
  /** Emitted events, published in groups; answers what went wrong. */
  readonly emits: GroupCommit<StoredEmits, Cause | undefined>;
  /** Work that must be over before the batch is answered, and that nothing else waits for. Never rejects. */
  readonly pending: Set<Promise<void>>;
  readonly running: Running;
  /** Whether a governor lets this batch through to see if a dependency is back: holds do not stop it. */
  readonly probing: boolean;
  /** The batch's groups that are parked, or will be. */
  readonly groups: ParkedGroups;
}
