import type { WireMessage } from "../contract/index.ts";
import { sns } from "../limits-of-aws.ts";
import { isFifo } from "../names.ts";
import type { Wave } from "./held.ts";
import type { SendResult } from "./ports.ts";

/** Told once what became of a message. */
export type Settle = (message: WireMessage, result: SendResult) => void;

/** A message on its way out. */
export interface Entry {
  readonly message: WireMessage;
  readonly bytes: number;
  /** What it takes of the publisher's memory. */
  readonly heldBytes: number;
  readonly settle: Settle;
  readonly wave: Wave;
  /** How often it was sent. */
  attempts: number;
  /** Must travel in a batch of its own: it may have spoiled one. */
  alone: boolean;
  /** The next one of its group, which may not be sent before this one was taken. */
  next: Entry | undefined;
}

/**
 * What waits for one topic. Only the first entry of a group stands in the line of those that may be sent, and it
 * keeps its group's place until it was taken or dropped: so a batch never holds two of one group, and nothing
 * overtakes an entry that failed. On a topic without order every entry is a group of its own.
 */
export interface Lane {
  readonly topic: string;
  /** How many stand in the line, ready to be sent. */
  readonly ready: number;
  /** Whether `take` would answer a batch. */
  readonly due: boolean;
  add(entry: Entry): void;
  /** Everything that stands in the line is due now, also in a batch that is not full. */
  hurry(): void;
  /** The next batch: as many as fit into one call, or `undefined` when none is due. */
  take(): readonly Entry[] | undefined;
  /** A failed entry stands in line again, due at once. */
  again(entry: Entry): void;
  /** An entry was taken by the topic: the next one of its group is due. */
  done(entry: Entry): void;
  /** An entry is given up. Answers those that waited behind it in its group, the nearest first. */
  drop(entry: Entry): readonly Entry[];
}

/** Makes the lane of a topic, whose batches hold `maxBytes` at most. */
export function createLane(topic: string, maxBytes: number): Lane {
  const line: (Entry | undefined)[] = [];
  let head = 0;
  let bytes = 0;
  let hurried = 0;
  /** The last entry of each group on its way; `undefined` where the topic has no order. */
  const tails = isFifo(topic) ? new Map<string | undefined, Entry>() : undefined;

  const stand = (entry: Entry) => {
    line.push(entry);
    bytes += entry.bytes;
  };
  const isDue = () => {
    const ready = line.length - head;
    return ready > 0 && (hurried > 0 || ready >= sns.batchEntries || bytes >= maxBytes);
  };
  const compact = () => {
    if (head < 256 || head * 2 < line.length) return;
    line.splice(0, head);
    head = 0;
  };

  return {
    topic,
    get ready() {
      return line.length - head;
    },
    get due() {
      return isDue();
    },
    add(entry) {
      const tail = tails?.get(entry.message.groupId);
      tails?.set(entry.message.groupId, entry);
      if (tail) tail.next = entry;
      else stand(entry);
    },
    hurry() {
      hurried = line.length - head;
    },
    take() {
      if (!isDue()) return undefined;
      const batch: Entry[] = [];
      let taken = 0;
      for (let entry = line[head]; entry && batch.length < sns.batchEntries; entry = line[head]) {
        const fits = taken + entry.bytes <= maxBytes && !entry.alone && !batch[0]?.alone;
        if (batch.length > 0 && !fits) break;
        line[head++] = undefined;
        taken += entry.bytes;
        batch.push(entry);
      }
      bytes -= taken;
      hurried = Math.max(0, hurried - batch.length);
      compact();
      return batch;
    },
    again(entry) {
      stand(entry);
      hurried++;
    },
    done(entry) {
      if (!tails) return;
      if (entry.next) {
        stand(entry.next);
        hurried++;
      } else {
        tails.delete(entry.message.groupId);
      }
    },
    drop(entry) {
      const behind: Entry[] = [];
      for (let next = entry.next; next; next = next.next) behind.push(next);
      tails?.delete(entry.message.groupId);
      return behind;
    },
  };
}
