import { virtualClock } from "../../local/testing/index.ts";
import { type ArchiveRecord, archiveKind, archiver } from "../../src/archive/index.ts";
import { uuidv7 } from "../../src/clock.ts";
import { inMemoryObjects, type Segments, segmentsOf, spanSealer } from "../../src/segments/index.ts";

/** Messages of one batch of the archive's queue. */
const batch = 1_000;
const hourMs = 3_600_000;

/** Makes `count` order events of about 330 bytes, archives and seals them as the functions do. */
export async function archivedEvents(count: number): Promise<{
  readonly archive: Segments;
  /** Of a message's body, on average. */
  readonly eventBytes: number;
  /** Of all segments, packed and not. */
  readonly packedBytes: number;
  readonly bytes: number;
}> {
  const clock = virtualClock({ startMs: Date.UTC(2026, 10, 27, 1) });
  const store = inMemoryObjects();
  const settings = {
    v: 1,
    ...{ bus: "shop", account: "123456789012", region: "eu-central-1" },
    ...{ spanMs: hourMs, graceMs: 120_000, rawKeepMs: 7 * 24 * hourMs },
  } as const;
  const archive = segmentsOf({ store, kind: archiveKind, clock });
  const handler = archiver(settings, { store, clock, sink: () => {} });
  let bodies = 0;
  for (let at = 0; at < count; at += batch) {
    const Records = Array.from({ length: Math.min(batch, count - at) }, (_, nth) => {
      const id = uuidv7(clock);
      const body = orderEvent(id, at + nth, clock.nowMs());
      bodies += body.length;
      return notification(body, id, clock.nowMs());
    });
    await handler({ Records });
    await clock.advance(Math.floor((hourMs * batch) / (count + batch)));
  }
  await clock.advance(2 * hourMs);
  const sealer = spanSealer(archive);
  for (const span of await sealer.due()) await sealer.seal(span);
  const sealed = [...store.objects].filter(([key]) => key.startsWith("sealed/"));
  const sumOf = (ends: string) =>
    sealed.reduce((sum, [key, { body }]) => (key.endsWith(ends) ? sum + body.length : sum), 0);
  const sidecars = sealed.flatMap(([key, { body }]) =>
    key.endsWith(".json") && !key.endsWith("manifest.json")
      ? [JSON.parse(body.toString()) as { readonly bytes: number }]
      : [],
  );
  return {
    archive,
    eventBytes: bodies / count,
    packedBytes: sumOf(".ndjson.gz"),
    bytes: sidecars.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function orderEvent(id: string, nth: number, timeMs: number): string {
  return JSON.stringify({
    specversion: "1.0",
    id,
    source: "/shop/web",
    type: "order.created",
    time: new Date(timeMs).toISOString(),
    datacontenttype: "application/json",
    dataschema: "urn:omnibus:order.created:1",
    data: { orderId: `o-${nth}`, customer: `c-${nth % 23_570}`, cds: nth % 7, cents: (nth * 7_919) % 20_000 },
    correlationid: id,
  });
}

function notification(Message: string, MessageId: string, timeMs: number): ArchiveRecord {
  return {
    messageId: MessageId,
    body: JSON.stringify({
      Type: "Notification",
      MessageId,
      TopicArn: "arn:aws:sns:eu-central-1:123456789012:shop-orders",
      Message,
      Timestamp: new Date(timeMs).toISOString(),
      MessageAttributes: { type: { Type: "String", Value: "order.created" } },
    }),
    attributes: { SentTimestamp: String(timeMs) },
  };
}
