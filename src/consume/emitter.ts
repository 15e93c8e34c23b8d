import { type ClaimWriter, claimLimits } from "../claim-check/index.ts";
import type { Clock } from "../clock.ts";
import {
  type Contract,
  contractKey,
  type Envelope,
  emittedId,
  type InputOf,
  sealEvent,
  type WireMessage,
} from "../contract/index.ts";
import { type DelayOptions, dueTime } from "../delay/index.ts";
import { InvalidEventError } from "../errors.ts";
import { dynamodb, sns } from "../limits-of-aws.ts";
import { checkContract, fitMessage, refuseDelay } from "../publish/index.ts";
import { ClaimNotStored } from "./claim-not-stored.ts";
import type { EmitOptions } from "./context.ts";

/** Emitted events are kept in the ledger's item until they are sent: what it may hold, less room for the rest. */
export const maxEmittedBytes = dynamodb.itemBytes - 16 * 1024;

/** Collects what one run of a handler emits. */
export interface Emitter {
  /**
   * Throws `InvalidEventError` for what can never be published. One that the handler catches stands alone: what it
   * emits besides goes out, and the run counts.
   */
  emit<C extends Contract>(contract: C, data: InputOf<C>, options?: EmitOptions): void;
  /**
   * All of it, sealed, and with it stored what is too large for a message. Rejects with the first `InvalidEventError` of what a
   * validator took its time for, and with `ClaimNotStored`.
   */
  sealed(): Promise<readonly WireMessage[]>;
  /** Of each of them, whether a delay was asked for: also one that was over by then, which no longer shows in the message. */
  delayed(): readonly boolean[];
}

/** Makes the `Emitter` of one run: ids are made of the cause, so a second run emits the same identities. */
export function createEmitter({
  cause,
  consumer,
  declared,
  source,
  replayId,
  timeMs,
  delays,
  claims,
  clock,
}: {
  cause: Envelope;
  consumer: string;
  /** What the stack lets this consumer publish: `type:version` of each contract. */
  declared: readonly string[];
  source: string;
  replayId: string | undefined;
  /** The events' own time. */
  timeMs: number;
  /** Whether its bus publishes later. */
  delays: boolean;
  /** Takes the data of what is too large for a message; absent where its bus has no claims. */
  claims: ClaimWriter | undefined;
  clock: Pick<Clock, "nowMs">;
}): Emitter {
  const messages: (WireMessage | Promise<WireMessage>)[] = [];
  const delayed: boolean[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  let heldBytes = 0;
  let closed = false;

  const dueOf = (when: DelayOptions): number | undefined => {
    const dueMs = dueTime(when, clock.nowMs());
    if (dueMs === undefined || delays) return dueMs;
    throw new InvalidEventError(
      "delay",
      `${consumer} may not delay what it emits: its bus has no delay, or stands in another account or region; make the bus with delay: true (in another stack say so: EventBus.fromName(…, { delay: true })), and deploy the consumer again`,
    );
  };
  /** Answers it as it is stored and sent. */
  const add = (message: WireMessage): WireMessage => {
    // What could never be published must not be stored as if it could.
    const measured = fitMessage(message, sns.defaultMessageBytes, claims);
    if (message.dueMs !== undefined) refuseDelay(measured, message.dueMs, clock.nowMs());
    const sum = bytes + Buffer.byteLength(JSON.stringify(measured.message));
    const heldSum = heldBytes + (measured.heldBytes ?? 0);
    if (sum > maxEmittedBytes || heldSum > claimLimits.batchBytes) refuseSum(consumer, sum, heldSum);
    bytes = sum;
    heldBytes = heldSum;
    return measured.message;
  };

  return {
    emit: (contract, data, { key, subject, partitionkey = cause.partitionkey, ...when } = {}) => {
      if (closed) {
        throw new InvalidEventError(
          "emit-late",
          `${consumer} emitted ${contract.type} after its handler had returned: await what emits, since the event is complete then`,
        );
      }
      checkContract(contract);
      if (!declared.includes(contractKey(contract))) {
        throw new InvalidEventError(
          "emit-undeclared",
          `${consumer} may not publish ${contractKey(contract)}; it may publish ${declared.join(", ") || "nothing"}; name the contract in the Consumer construct's emits, so that its role may publish to the topic`,
        );
      }
      const name = key === undefined ? `#${messages.length}` : `=${key}`;
      if (keys.has(name)) {
        throw new InvalidEventError(
          "emit-key",
          `emit key ${JSON.stringify(key)} was used twice in one run of ${consumer}: give each emitted event a key of its own`,
        );
      }
      const dueMs = dueOf(when);
      const sealed = sealEvent(contract, data, {
        source,
        id: emittedId({
          consumer,
          source: cause.source,
          id: cause.id,
          key: name,
          ...(replayId === undefined ? {} : { replayId }),
        }),
        timeMs,
        correlationid: cause.correlationid,
        causationid: cause.id,
        hop: (cause.hop ?? 0) + 1,
        ...(subject === undefined ? {} : { subject }),
        ...(partitionkey === undefined ? {} : { partitionkey }),
        ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
      });
      const due = (message: WireMessage) => (dueMs === undefined ? message : { ...message, dueMs });
      const message = sealed instanceof Promise ? sealed.then(due) : add(due(sealed));
      // Whoever awaits `sealed` hears of it; until then it must not count as unhandled.
      if (message instanceof Promise) message.catch(() => {});
      // Not before: what is refused has taken neither a place, nor a key, nor room.
      keys.add(name);
      messages.push(message);
      delayed.push(when.at !== undefined || when.afterMs !== undefined);
    },
    sealed: async () => {
      closed = true;
      const sealed = await Promise.all(messages);
      const taken = sealed.map((message, index) =>
        messages[index] instanceof Promise ? add(message) : message,
      );
      // Before the completion: what is stored there has to be readable, whoever sends it.
      await Promise.all(taken.map((message) => claims?.store(message))).catch((error: unknown) => {
        throw new ClaimNotStored(consumer, error);
      });
      return taken;
    },
    delayed: () => delayed,
  };
}

function refuseSum(consumer: string, bytes: number, heldBytes: number): never {
  throw new InvalidEventError(
    "emits-too-large",
    bytes > maxEmittedBytes
      ? `one run of ${consumer} emits ${bytes} bytes; ${maxEmittedBytes} are allowed, since they are stored with its completion; emit less, or references to data that is kept elsewhere`
      : `one run of ${consumer} emits ${heldBytes} bytes of data that is too large for messages; ${claimLimits.batchBytes} are allowed, since they are held until the handler has returned; emit less, or references to data that is kept elsewhere`,
  );
}
