import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

const fifoDeadLetters =
  "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html";

/** What parking an ordered group needs. */
export const orderGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "park-order",
    reason: "events without an order have no followers that could wait for them",
    fix: "leave onPoison out, or put the events on an ordered topic (.fifo)",
    link: fifoDeadLetters,
    final: true,
    check: ({ onPoison, fifo, topics }) =>
      onPoison === "park" && !fifo
        ? `onPoison is "park", and its topics have no order: ${topics.join(", ") || "none"}`
        : undefined,
  },
  {
    id: "park-elsewhere",
    reason: "parked groups are kept where the bus is, and asked about for every batch",
    fix: "let the consumer run in the bus's account and region",
    link: fifoDeadLetters,
    final: true,
    check: ({ onPoison, isWithBus }) =>
      onPoison === "park" && !isWithBus
        ? `onPoison is "park", in another account or region than the bus's`
        : undefined,
  },
  {
    id: "park-python",
    reason: "what follows a dead event would overtake it",
    fix: "handle these events in TypeScript, or leave onPoison out",
    link: fifoDeadLetters,
    final: true,
    check: ({ onPoison, language }) =>
      onPoison === "park" && language === "python" ? `onPoison is "park" for a handler in Python` : undefined,
  },
];
