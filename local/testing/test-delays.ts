import type { Clock } from "../../src/clock.ts";
import { type InMemoryDelays, inMemoryDelays } from "../../src/delay/index.ts";
import { delayer } from "../../src/delayer/index.ts";
import { createPublisher, type TopicPort } from "../../src/publish/index.ts";
import { testPlace } from "./test-settings.ts";

/** The delay of a test bus: the real function behind a queue and schedules in memory, on the bus's clock. */
export function startTestDelays({
  bus,
  clock,
  topics,
}: {
  readonly bus: string;
  readonly clock: Clock;
  readonly topics: TopicPort;
}): InMemoryDelays {
  const delays = inMemoryDelays({ clock });
  const place = { ...testPlace, bus };
  const publisher = createPublisher({
    ...place,
    source: "/test",
    topics,
    clock,
    lingerMs: 0,
    metrics: false,
  });
  const pass = delayer(
    { v: 1, ...place, roleArn: "arn:aws:iam::000000000000:role/test" },
    { ...delays, publisher, clock, sink: () => {} },
  );
  let received = 0;
  delays.receive(async (body) => {
    const messageId = `delayed-${++received}`;
    const { batchItemFailures } = await pass({ Records: [{ messageId, body }] });
    if (batchItemFailures.length > 0) throw new Error(`${messageId} comes again`);
  });
  return delays;
}
