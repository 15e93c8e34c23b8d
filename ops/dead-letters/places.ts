import { deadLetterQueueName, queueName, undeliveredQueueName } from "../../src/names.ts";
import type { ConsumerRef } from "../find-consumers.ts";
import type { DeadLetterKind } from "./dead-letter.ts";

/** A dead-letter queue of a consumer, and where what lies in it was to go. */
export interface DeadLetterPlace {
  readonly kind: DeadLetterKind;
  readonly queueName: string;
  readonly targetName: string;
  /** Ordered queues show the first messages of each group alone. */
  readonly fifo: boolean;
}

/** Both of a consumer's dead-letter queues, or the one of a kind. */
export function placesOf(
  { bus, consumer, fifo }: ConsumerRef,
  kind?: DeadLetterKind | undefined,
): readonly DeadLetterPlace[] {
  const targetName = queueName(bus, consumer, fifo);
  const both: readonly DeadLetterPlace[] = [
    { kind: "processing", queueName: deadLetterQueueName(bus, consumer, fifo), targetName, fifo },
    { kind: "undelivered", queueName: undeliveredQueueName(bus, consumer, fifo), targetName, fifo },
  ];
  return both.filter((place) => kind === undefined || place.kind === kind);
}
