import type { SqsHandler } from "../../src/consume/index.ts";
import type { Contract, Envelope, InputOf } from "../../src/contract/index.ts";
import type { DelayOptions, DelayState } from "../../src/delay/index.ts";
import type { Published, PublishOptions, TopicPort } from "../../src/publish/index.ts";
import type { TestConsumer } from "./test-consumer-props.ts";
import type { TestDeadLetter } from "./test-dead-letter.ts";
import type { TestOutcome } from "./test-outcomes.ts";
import type { TestParkedGroup } from "./test-parked.ts";
import type { TestTable } from "./test-table.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** What `createTestBus` takes. */
export interface TestBusOptions {
  /** By name; a handler alone, or with what its `Consumer` construct says of it. */
  readonly consumers?: Readonly<Record<string, SqsHandler | TestConsumer>>;
  /**
   * Tables that handlers in mode `transaction` read and write: by name, with the names of the key's attributes, as in
   * `{ accounts: ["account"] }`.
   * @default none
   */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  /** @default "test" */
  readonly name?: string;
  /** Whether data that is too large for a message goes to a bucket of claims, as on a bus with `claims`. @default false */
  readonly claims?: boolean;
  /** @default a new one, at 2026-01-01 */
  readonly clock?: VirtualClock;
  /** How long one handler may take, in real time. @default 4,000 ms: less than test runners wait */
  readonly patienceMs?: number;
}

/** An event as it was published: its data is what its contract's schema takes. */
export type PublishedEvent<C extends Contract> = Envelope<C["type"], InputOf<C>>;

/** Which delivery is meant, and how long to wait for it. */
export interface WaitOptions {
  /** @default every consumer that the event was delivered to */
  readonly consumer?: string;
  /** Of virtual time. @default a day, which outlasts the usual retries */
  readonly withinMs?: number;
}

/** A bus in memory: the real publisher, pipeline and event source mapping, on topics, queues and ledgers that are models. */
export interface TestBus {
  /** Moves only while somebody waits here, or when it is told to. */
  readonly clock: VirtualClock;
  /** For code that publishes by itself: `createPublisher({ …, topics: bus.topics, clock: bus.clock })`. */
  readonly topics: TopicPort;
  /** All that was published, by you and by handlers, in order. */
  readonly events: readonly Envelope[];
  /** All that became of deliveries, in order. */
  readonly outcomes: readonly TestOutcome[];
  /** Those of one contract, typed. */
  eventsOf<C extends Contract>(contract: C): readonly PublishedEvent<C>[];
  /** Publishes one event, now or later. `source` is "/test" unless told. Throws `InvalidEventError` as a publisher does. */
  publish<C extends Contract>(
    contract: C,
    data: InputOf<C>,
    options?: PublishOptions & DelayOptions & { readonly source?: string },
  ): Promise<Published>;
  /** Keeps a delayed event from being published, as a publisher's `cancel`. `source` is "/test" unless told. */
  cancel(id: string, options?: { readonly source?: string }): Promise<DelayState>;
  /** Puts a message into a consumer's queue as it is: what is no event, or comes from elsewhere. */
  send(consumer: string, body: string): void;
  /**
   * Resolves when the event was handled, also when it was before; answers the outcomes, one per consumer. Throws with all
   * that happened to the event: at once when it is dead, or when nothing is left that could handle it.
   */
  waitForHandled(id: string, options?: WaitOptions): Promise<readonly TestOutcome[]>;
  /** Resolves with the first event of the contract that matches, also an earlier one. Throws as `waitForHandled` does. */
  waitForEvent<C extends Contract>(
    contract: C,
    matches?: (event: PublishedEvent<C>) => boolean,
    options?: Pick<WaitOptions, "withinMs">,
  ): Promise<PublishedEvent<C>>;
  /** Waits until all is done, then throws if an event of the contract (that matches) was ever published. */
  expectNoEvent<C extends Contract>(
    contract: C,
    matches?: (event: PublishedEvent<C>) => boolean,
  ): Promise<void>;
  /** Delivers the same bytes once more, as SNS and SQS sometimes do; answers what became of that, one per consumer. */
  redeliver(id: string, options?: WaitOptions): Promise<readonly TestOutcome[]>;
  /** What stands in one of `tables`. Throws `TransactionError` (`no-table`) for another name. */
  table(name: string): TestTable;
  /** What a consumer could not handle. */
  deadLetters(consumer: string): readonly TestDeadLetter[];
  /** The ordered groups that wait behind a poison (`onPoison: "park"`). */
  parked(consumer: string): Promise<readonly TestParkedGroup[]>;
  /**
   * What `bus dlq release` does: has a parked group's line handled, in order, and resolves when all is done that can be. The
   * poison is left out unless told otherwise.
   */
  release(
    consumer: string,
    group: string,
    options?: { readonly withPoison?: boolean } & Pick<WaitOptions, "withinMs">,
  ): Promise<void>;
  /** Waits until every queue is empty: retries are over, and so are the emitted events' own ways. */
  idle(options?: Pick<WaitOptions, "withinMs">): Promise<void>;
}
