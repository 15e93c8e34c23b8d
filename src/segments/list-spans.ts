import { kindPrefix, spanFolder, spanOfFolder } from "./keys.ts";
import type { Segments } from "./segments.ts";
import { spanName, spanStartMs } from "./span.ts";

const minuteMs = 60_000;

/**
 * The spans that have objects on a floor of the store, in the order of time, those that begin at `fromMs` or later alone.
 * A span that has sealed objects need not be sealed: its manifest says so.
 */
export async function* spansOn(
  floor: "raw" | "sealed" | "athena",
  { store, kind }: Segments,
  fromMs = 0,
): AsyncGenerator<string> {
  // Names are to the minute, so the one before is a minute before.
  const options = fromMs <= 0 ? {} : { after: spanFolder(spanName(fromMs - minuteMs)) };
  for await (const folder of store.folders(kindPrefix(floor, kind), options)) {
    const span = spanOfFolder(folder);
    const startMs = span === undefined ? undefined : spanStartMs(span);
    if (span !== undefined && startMs !== undefined && startMs >= fromMs) yield span;
  }
}

/** Every span that has lines, sealed or not, in the order of time. */
export async function* listSpans(segments: Segments, { fromMs = 0 } = {}): AsyncGenerator<string> {
  const raw = spansOn("raw", segments, fromMs);
  const sealed = spansOn("sealed", segments, fromMs);
  let [one, other] = await Promise.all([raw.next(), sealed.next()]);
  while (!one.done || !other.done) {
    const next = other.done || (!one.done && one.value <= other.value) ? one.value : other.value;
    if (typeof next !== "string") return;
    yield next;
    if (!one.done && one.value === next) one = await raw.next();
    if (!other.done && other.value === next) other = await sealed.next();
  }
}
