import type { Duration } from "aws-cdk-lib/core";

/** How a bus keeps what was published and what was completed. */
export interface ArchiveOptions {
  /**
   * How much time is closed at once: what was written in it becomes segments, with an offset for each event.
   * @default 1 hour: some MB for a small bus, and a day has 24 of them
   */
  readonly span?: Duration;

  /**
   * How long the archiver and the journaler may wait until their next object is full. A shorter one costs more PUTs.
   * @default 5 seconds: 17,000 PUTs a day at most, 9 cents
   */
  readonly window?: Duration;

  /**
   * Most time for one object to be written. What a killed archiver had in hand comes again after six times that; a span is
   * closed after twice that.
   * @default 1 minute: a few tries of a slow PUT
   */
  readonly timeout?: Duration;

  /**
   * How long segments are kept.
   * @default forever: 23 cents per 10 GB and month, and nobody has ever regretted what could be read again
   */
  readonly retention?: Duration;

  /**
   * How long the objects that segments were made of are kept after that.
   * @default 7 days: a week in which a mistake in sealing can be undone. Nothing goes that is not sealed
   */
  readonly rawRetention?: Duration;
}
