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
import { checkContract, measure, refuseDelay } from "../publish/index.ts";
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
  /** All of it, sealed. Rejects with the first `InvalidEventError` of what a validator took its time for. */
  sealed(): Promise<readonly WireMessage[]>;
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
  clock: Pick<Clock, "nowMs">;
}): Emitter {
  const messages: (WireMessage | Promise<WireMessage>)[] = [];
  const keys = new Set<string>();
  let bytes = 0;
  let closed = false;

  const dueOf = (when: DelayOptions): number | undefined => {
    const dueMs = dueTime(when, clock.nowMs());
    if (dueMs === undefined || delays) return dueMs;
    throw new InvalidEventError(
      "delay",
      `${consumer} may not delay what it emits: its bus has no delay; make the bus with delay: true (where it stands elsewhere say so, as in EventBus.fromName(…, { delay: true })), and deploy the consumer again`,
    );
  };
  const add = (message: WireMessage) => {
    bytes = sumOf(bytes, message, { consumer, nowMs: clock.nowMs() });
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
      const message = sealed instanceof Promise ? sealed.then(due) : due(sealed);
      // Whoever awaits `sealed` hears of it; until then it must not count as unhandled.
      if (message instanceof Promise) message.catch(() => {});
      else add(message);
      // Not before: what is refused has taken neither a place, nor a key, nor room.
      keys.add(name);
      messages.push(message);
    },
    sealed: async () => {
      closed = true;
      const sealed = await Promise.all(messages);
      sealed.forEach((message, index) => {
        if (messages[index] instanceof Promise) add(message);
      });
      return sealed;
    },
  };
}

function sumOf(
  bytes: number,
  message: WireMessage,
  { consumer, nowMs }: { readonly consumer: string; readonly nowMs: number },
): number {
  // What could never be published must not be stored as if it could.
  const measured = measure(message, sns.defaultMessageBytes);
  if (message.dueMs !== undefined) refuseDelay(measured, message.dueMs, nowMs);
  const sum = bytes + Buffer.byteLength(JSON.stringify(message));
  if (sum <= maxEmittedBytes) return sum;
  throw new InvalidEventError(
    "emits-too-large",
    `one run of ${consumer} emits ${sum} bytes; ${maxEmittedBytes} are allowed, since they are stored with its completion; emit less, or references to data that is kept elsewhere`,
  );
}
