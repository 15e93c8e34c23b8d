import {
  type Contract,
  checkOut,
  claimOf,
  decodeMessage,
  type Envelope,
  type WireMessage,
} from "../../src/contract/index.ts";
import type { InMemoryObjects } from "../../src/segments/index.ts";
import type { PublishedEvent } from "./test-bus.ts";
import type { TestOutcome } from "./test-outcomes.ts";

interface Published {
  readonly message: WireMessage;
  readonly event: Envelope;
  readonly atMs: number;
}

/** All that happened on a test bus, and the telling of it. */
export interface History {
  readonly published: readonly Published[];
  readonly outcomes: TestOutcome[];
  publish(message: WireMessage): void;
  /** A consumer's function failed as a whole. */
  crash(consumer: string, message: string): void;
  eventsOf<C extends Contract>(contract: C): readonly PublishedEvent<C>[];
  /** For errors: what a person would ask next, about one event or all. */
  story(id?: string): string;
}

/** Makes an empty `History`; its moments count from now. */
export function createHistory(nowMs: () => number, claims?: InMemoryObjects): History {
  const startMs = nowMs();
  const published: Published[] = [];
  const outcomes: TestOutcome[] = [];
  const crashes: { readonly atMs: number; readonly text: string }[] = [];
  return {
    published,
    outcomes,
    publish(message) {
      for (const decoded of decodeMessage(message.body)) {
        if (decoded.ok) published.push({ message, event: whole(decoded.envelope, claims), atMs: nowMs() });
      }
    },
    crash: (consumer, message) => {
      crashes.push({ atMs: nowMs(), text: `${consumer}: its function threw: ${message}` });
    },
    eventsOf: <C extends Contract>({ dataschema }: C) =>
      published
        .map(({ event }) => event)
        .filter((event) => event.dataschema === dataschema) as readonly PublishedEvent<C>[],
    story(id) {
      const lines = [
        ...published
          .filter(({ event }) => id === undefined || event.id === id)
          .map(({ event, message, atMs }) => ({ atMs, text: publishedText(event, message.topic) })),
        ...outcomes
          .filter((outcome) => id === undefined || outcome.id === id)
          .map((outcome) => ({ atMs: outcome.atMs, text: outcomeText(outcome) })),
        ...crashes,
      ].sort((one, other) => one.atMs - other.atMs);
      if (lines.length === 0) return "Nothing happened at all.";
      const told = lines.map(({ atMs, text }) => `\n  +${((atMs - startMs) / 1_000).toFixed(1)} s ${text}`);
      return `What happened:${told.join("")}`;
    },
  };
}

/** The event with its data, also where it was too large for the message. */
function whole(event: Envelope, claims: InMemoryObjects | undefined): Envelope {
  const claim = claimOf(event);
  const key = claim?.ref.slice(claim.ref.indexOf("/", "s3://".length) + 1) ?? "";
  const found = claims?.objects.get(key);
  const out = found ? checkOut(event, found.body) : undefined;
  return out?.ok ? out.envelope : event;
}

function publishedText({ type, id, source, data }: Envelope, topic: string): string {
  return `${type} ${id} published to "${topic}" by ${source}: ${JSON.stringify(data)}`;
}

function outcomeText({ consumer, attempt, outcome, id, reason, error }: TestOutcome): string {
  const why = reason === undefined ? "" : ` (${reason})`;
  return `${consumer}, attempt ${attempt} of ${id}: ${outcome}${why}${error === undefined ? "" : `, ${error}`}`;
}
