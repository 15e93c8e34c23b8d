import { backoffMs } from "../backoff.ts";
import type { Clock } from "../clock.ts";
import type { WireMessage } from "../contract/index.ts";
import { createHeld } from "./held.ts";
import { createLane, type Entry, type Lane, type Settle } from "./lane.ts";
import type { SendResult, TopicPort } from "./ports.ts";
import type { Measured } from "./refuse-message.ts";
import { describeCallFailure, type SendFailure } from "./send-failure.ts";

/** Publishers are waited for: the first retry comes soon, and none comes late. */
const retryDelays = { firstDelayMs: 100, maxDelayMs: 5_000 };

/** Everything that a sender is made with; the publisher has the defaults and their reasons. */
export interface SenderOptions {
  readonly topics: TopicPort;
  readonly arnOf: (topic: string) => string | Promise<string>;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly lingerMs: number;
  readonly sideBySide: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly attempts: number;
  /** Told of every message whose end is known, before its own `settle` is. May not throw. */
  readonly onSettled: Settle;
  /** Told after each batch how many messages are still held. May not throw. */
  readonly onBatch: (held: number) => void;
}

/** Batches, sends and retries. Every message that is added is settled exactly once. */
export interface Sender {
  /** Takes a message. It never waits and never throws. */
  add(measured: Measured, settle: Settle): void;
  /** `undefined` when there is room for one more message, else a promise of it: for those who read from a source. */
  room(): Promise<void> | undefined;
  /** What waits goes out now, also in batches that are not full. */
  hurry(): void;
  /** Hurries, and resolves when everything that was added before the call is settled. */
  flush(): Promise<void>;
  /** Messages added and not settled: waiting, on their way, or between two tries. */
  readonly held: number;
}

/** What the followers of a message that was given up are told: on an ordered topic nothing may overtake. */
export const overtaking: SendFailure = {
  ok: false,
  code: "earlier-failed",
  message: "an earlier event of the same partition key could not be published, so this one was not sent",
  retryable: true,
};

/** Makes a sender. Nothing is sent, resolved or timed until a message is added. */
export function createSender(options: SenderOptions): Sender {
  const { topics, arnOf, clock, lingerMs, sideBySide, attempts } = options;
  const lanes = new Map<string, Lane>();
  /** Lanes whose part-filled batch waits for company, with what ends the wait. */
  const lingering = new Map<Lane, () => void>();
  const held = createHeld(options.maxWaiting, options.maxWaitingBytes);
  let inFlight = 0;

  const laneOf = (topic: string) => {
    let lane = lanes.get(topic);
    if (!lane) {
      lane = createLane(topic, options.maxBytes);
      lanes.set(topic, lane);
    }
    return lane;
  };

  const linger = (lane: Lane) => {
    if (lingering.has(lane)) return;
    const cancel = clock.after(lingerMs, () => {
      lingering.delete(lane);
      lane.hurry();
      pump();
    });
    lingering.set(lane, cancel);
  };

  const pump = () => {
    for (let moved = true; moved; ) {
      moved = false;
      for (const lane of lanes.values()) {
        if (inFlight >= sideBySide) return;
        const batch = lane.take();
        if (!batch) continue;
        moved = true;
        void send(lane, batch);
      }
    }
    for (const lane of lanes.values()) if (lane.ready > 0) linger(lane);
  };

  const send = async (lane: Lane, batch: readonly Entry[]) => {
    inFlight++;
    const answer = await call(
      lane.topic,
      batch.map((entry) => entry.message),
    );
    inFlight--;
    // One bad message can spoil the call for all: then each is sent alone, and only the bad one fails.
    const split = "failure" in answer && answer.failure.contentAtFault && batch.length > 1;
    const again: Entry[] = [];
    batch.forEach((entry, index) => {
      entry.alone ||= split;
      const result = "failure" in answer ? answer.failure : (answer.results[index] ?? unanswered);
      if (split) lane.again(entry);
      else if (!settle(lane, entry, result)) again.push(entry);
    });
    options.onBatch(held.count);
    if (again.length > 0) retry(lane, again);
    pump();
  };

  const call = async (topic: string, messages: readonly WireMessage[]) => {
    try {
      const arn = arnOf(topic);
      return { results: await topics.publishBatch(typeof arn === "string" ? arn : await arn, messages) };
    } catch (error) {
      return { failure: describeCallFailure(error) };
    }
  };

  /** Ends an entry, or answers false when it is to be tried again. */
  const settle = (lane: Lane, entry: Entry, result: SendResult): boolean => {
    entry.attempts++;
    if (result.ok) {
      lane.done(entry);
      finish(entry, result);
      return true;
    }
    if (result.retryable && entry.attempts < attempts) return false;
    const behind = lane.drop(entry);
    finish(entry, result);
    for (const follower of behind) finish(follower, overtaking);
    return true;
  };

  const finish = (entry: Entry, result: SendResult) => {
    held.give(entry.wave, entry.heldBytes);
    options.onSettled(entry.message, result);
    entry.settle(entry.message, result);
  };

  /** One timer for all that failed together. */
  const retry = (lane: Lane, entries: readonly Entry[]) => {
    const tried = Math.max(...entries.map((entry) => entry.attempts));
    clock.after(backoffMs(clock, tried, retryDelays), () => {
      for (const entry of entries) lane.again(entry);
      pump();
    });
  };

  const hurry = () => {
    for (const cancel of lingering.values()) cancel();
    lingering.clear();
    for (const lane of lanes.values()) lane.hurry();
    pump();
  };

  return {
    add({ message, bytes, heldBytes: beside = 0 }, settle) {
      const heldBytes = bytes + beside;
      const wave = held.take(heldBytes);
      const lane = laneOf(message.topic);
      lane.add({ message, bytes, heldBytes, settle, wave, attempts: 0, alone: false, next: undefined });
      if (lane.due) pump();
      else linger(lane);
    },
    room: () => held.room(),
    hurry,
    flush() {
      const empty = held.drained();
      hurry();
      return empty;
    },
    get held() {
      return held.count;
    },
  };
}

const unanswered: SendResult = {
  ok: false,
  code: "no-answer",
  message: "the topic answered fewer results than it was given messages",
  retryable: true,
};
