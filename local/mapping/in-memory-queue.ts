import { createHash } from "node:crypto";
import { type Clock, systemClock, uuidv7 } from "../../src/clock.ts";
import { SettingsError } from "../../src/errors.ts";
import { createDeadlines } from "./deadlines.ts";
import type { QueueMessage, QueuePort } from "./ports.ts";
import { orderedLine, standardLine } from "./queue-lines.ts";

/** What `inMemoryQueue` takes. */
export interface InMemoryQueueOptions {
  readonly clock?: Clock;
  readonly visibilityTimeoutMs: number;
  /** Ordered by group, deduplicated for five minutes. */
  readonly fifo?: boolean;
  /** Receives before a message moves to `deadLetters`. */
  readonly maxReceiveCount?: number;
  readonly deadLetters?: InMemoryQueue;
}

/** A message to be sent. Ordered queues need `groupId` and `deduplicationId`. */
export interface MessageToSend {
  readonly body: string;
  readonly messageAttributes?: QueueMessage["messageAttributes"];
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly delayMs?: number;
}

/** A message as the queue keeps it. */
export interface KeptMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: QueueMessage["messageAttributes"];
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sentMs: number;
  /** How often it was received. */
  readonly receives: number;
}

/** A queue in memory, to be looked into. Made by `inMemoryQueue`. */
export interface InMemoryQueue extends QueuePort {
  /** Answers the message's id; the first one's, where an ordered queue has seen this deduplication id. */
  send(message: MessageToSend): string;
  /** From now on for so long; 0 makes it visible at once. `false`: the handle's message is not in flight. */
  changeVisibility(receiptHandle: string, visibilityMs: number): boolean;
  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
  /** All that it holds, received or not, by the order of sending. */
  messages(): readonly KeptMessage[];
  /** Takes a message over from the queue it could not be handled in: its id and first time stay. */
  takeOver(message: KeptMessage): void;
}

interface Stored extends KeptMessage {
  readonly sequence: number;
  receives: number;
  firstReceivedMs: number | undefined;
  state: "visible" | "inFlight" | "delayed" | "gone";
  receiptHandle: string;
  /** The deadline that is still meant; older ones have let go of their message. */
  deadline: Deadline | undefined;
}

interface Deadline {
  message: Stored | undefined;
}

interface Waiter {
  readonly max: number;
  readonly give: (messages: readonly QueueMessage[]) => void;
}

const deduplicationMs = 300_000;

/**
 * A model of SQS in virtual time: visibility, receive counts, dead letters, delays, groups and deduplication.
 *
 * Kinder than SQS: a standard queue keeps its order until something comes back, never delivers twice by itself, and
 * knows neither retention nor the bound on messages in flight.
 */
export function inMemoryQueue(options: InMemoryQueueOptions): InMemoryQueue {
  const { clock = systemClock, visibilityTimeoutMs, fifo = false, deadLetters } = options;
  const { maxReceiveCount = Number.POSITIVE_INFINITY } = options;
  const line = fifo ? orderedLine<Stored>() : standardLine<Stored>();
  const stored = new Map<string, Stored>();
  const byHandle = new Map<string, Stored>();
  const seen = new Map<string, { readonly messageId: string; readonly untilMs: number }>();
  const waiters = new Set<Waiter>();
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  let sequences = 0;

  const deadlines = createDeadlines<Deadline>(clock, ({ message }) => {
    if (message) show(message);
  });

  const move = (message: Stored, state: Stored["state"]) => {
    if (message.state !== "gone") counts[message.state]--;
    if (state !== "gone") counts[state]++;
    message.state = state;
    if (message.deadline) message.deadline.message = undefined;
    message.deadline = undefined;
  };

  const hide = (message: Stored, state: "inFlight" | "delayed", forMs: number) => {
    move(message, state);
    message.deadline = { message };
    deadlines.add(clock.nowMs() + forMs, message.deadline);
  };

  const show = (message: Stored) => {
    const wasReceived = message.state === "inFlight";
    move(message, "visible");
    // Added before it is released, so that its group stays closed behind it until it is back in its place.
    line.add(message);
    if (wasReceived) line.release(message);
    serve();
  };

  const forget = (message: Stored) => {
    if (message.state === "visible") line.remove(message);
    if (message.state === "inFlight") line.release(message);
    move(message, "gone");
    stored.delete(message.messageId);
    byHandle.delete(message.receiptHandle);
  };

  const store = (message: KeptMessage, delayMs: number) => {
    // One by one: a spread takes more memory, and there may be a million.
    const { messageId, body, messageAttributes, groupId, deduplicationId, sentMs, receives } = message;
    const kept: Stored = {
      messageId,
      body,
      messageAttributes,
      groupId,
      deduplicationId,
      sentMs,
      receives,
      sequence: ++sequences,
      firstReceivedMs: undefined,
      state: "gone",
      receiptHandle: "",
      deadline: undefined,
    };
    stored.set(kept.messageId, kept);
    if (delayMs > 0) hide(kept, "delayed", delayMs);
    else show(kept);
  };

  const collect = (max: number): readonly QueueMessage[] => {
    const received: QueueMessage[] = [];
    while (received.length < max) {
      const taken = line.take(max - received.length);
      if (taken.length === 0) break;
      for (const message of taken) {
        hide(message, "inFlight", visibilityTimeoutMs);
        if (message.receives >= maxReceiveCount && deadLetters) {
          forget(message);
          deadLetters.takeOver(message);
        } else received.push(handOut(message));
      }
    }
    return received;
  };

  const handOut = (message: Stored): QueueMessage => {
    message.receives++;
    message.firstReceivedMs ??= clock.nowMs();
    byHandle.delete(message.receiptHandle);
    message.receiptHandle = `${message.messageId}#${message.receives}`;
    byHandle.set(message.receiptHandle, message);
    return {
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      md5OfBody: createHash("md5").update(message.body).digest("hex"),
      messageAttributes: message.messageAttributes,
      attributes: {
        ApproximateReceiveCount: String(message.receives),
        SentTimestamp: String(message.sentMs),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
        SenderId: "local",
        ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
        ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
        ...(fifo ? { SequenceNumber: String(message.sequence).padStart(20, "0") } : {}),
      },
    };
  };

  const serve = () => {
    for (const waiter of waiters) {
      if (counts.visible === 0) return;
      const messages = collect(waiter.max);
      if (messages.length === 0) return;
      waiter.give(messages);
    }
  };

  return {
    send({ body, messageAttributes = {}, groupId, deduplicationId, delayMs = 0 }) {
      if (fifo && (groupId === undefined || deduplicationId === undefined)) {
        throw new SettingsError(
          "queue-group",
          "a message to an ordered queue needs a groupId and a deduplicationId",
        );
      }
      const nowMs = clock.nowMs();
      const messageId = uuidv7(clock);
      if (fifo && deduplicationId !== undefined) {
        for (const [id, { untilMs }] of seen) {
          if (untilMs > nowMs) break;
          seen.delete(id);
        }
        const first = seen.get(deduplicationId);
        if (first) return first.messageId;
        seen.set(deduplicationId, { messageId, untilMs: nowMs + deduplicationMs });
      }
      store(
        { messageId, body, messageAttributes, groupId, deduplicationId, sentMs: nowMs, receives: 0 },
        delayMs,
      );
      return messageId;
    },
    receive({ max, waitMs, signal }) {
      const messages = signal.aborted ? [] : collect(max);
      if (messages.length > 0 || waitMs <= 0 || signal.aborted) return Promise.resolve(messages);
      return new Promise((resolve) => {
        const give = (given: readonly QueueMessage[]) => {
          waiters.delete(waiter);
          cancel();
          signal.removeEventListener("abort", leave);
          resolve(given);
        };
        const leave = () => give([]);
        const waiter: Waiter = { max, give };
        const cancel = clock.after(waitMs, leave);
        signal.addEventListener("abort", leave, { once: true });
        waiters.add(waiter);
      });
    },
    async delete(receiptHandles) {
      for (const handle of receiptHandles) {
        const message = byHandle.get(handle);
        // An ordered queue refuses a handle whose time is over: the message may be on its way to another.
        if (message && (message.state === "inFlight" || !fifo)) forget(message);
      }
      serve();
    },
    changeVisibility(receiptHandle, visibilityMs) {
      const message = byHandle.get(receiptHandle);
      if (message?.state !== "inFlight") return false;
      if (visibilityMs <= 0) show(message);
      else hide(message, "inFlight", visibilityMs);
      return true;
    },
    counts: () => ({ ...counts }),
    messages: () => [...stored.values()],
    takeOver: (message) => store({ ...message, receives: 0 }, 0),
  };
}
