import { decodeMessage, type WireMessage } from "../../src/contract/index.ts";
import type { DelayedLook } from "../delayed/index.ts";
import { eventName } from "./chain-ends.ts";
import { type ChainEvent, chainOf } from "./chain-events.ts";

/** Reads those of a bus's delayed events that are wanted. */
export type DelayedReader = (
  isWanted: (message: WireMessage) => boolean,
) => Promise<readonly Pick<DelayedLook, "dueMs" | "state" | "message">[]>;

/**
 * The events of chains that wait in schedules, as they will be archived. `asked` is an event's id or a correlation id. What was
 * archived already is left out: a schedule may outlive its event by a moment.
 */
export async function waitingEvents(
  read: DelayedReader,
  { asked, archived }: { readonly asked: string; readonly archived: readonly ChainEvent[] },
): Promise<readonly ChainEvent[]> {
  const chains = new Set([asked, ...archived.map(chainOf)]);
  const known = new Set(archived.map(({ line }) => eventName(line)));
  const found = await read((message) => {
    if (known.has(eventName(message))) return false;
    return message.id === asked || chains.has(correlationOf(message) ?? message.id);
  });
  return found.flatMap(eventOf);
}

function correlationOf({ body }: WireMessage): string | undefined {
  const [decoded] = decodeMessage(body);
  return decoded?.ok ? decoded.envelope.correlationid : undefined;
}

function eventOf({
  dueMs,
  state,
  message,
}: Awaited<ReturnType<DelayedReader>>[number]): readonly ChainEvent[] {
  const [decoded] = decodeMessage(message.body);
  if (!decoded?.ok) return [];
  const { id, source, type, time, subject, correlationid, causationid } = decoded.envelope;
  const due = new Date(dueMs).toISOString();
  return [
    {
      isOpen: false,
      due: { at: due, isCancelled: state === "cancelled" },
      line: {
        ...{ id, source, type, time, topic: message.topic, published: due, messageId: "", correlationid },
        ...(subject === undefined ? {} : { subject }),
        ...(causationid === undefined ? {} : { causationid }),
        message: { MessageBody: message.body },
      },
    },
  ];
}
