import { identitySet } from "./identity-set.ts";
import type { Line } from "./line.ts";
import type { SealedSpan } from "./manifest.ts";
import { type SealedLookup, sealedLookup } from "./sealed-lookup.ts";
import type { Segments } from "./segments.ts";

/** This part of a span before its edge is remembered whole across it. */
const edgePart = 60;

/** Tells lines that are new from those that are known. */
export interface Once {
  /** Whether a line is met for the first time; it is known from then on. */
  isNew(line: Line): boolean | Promise<boolean>;
}

/**
 * Tells, for the lines of one span in their order, which of them are there already: in the span, or sealed elsewhere. An identity
 * is kept once in a span whatever its times, and across spans once for each effective time (and once, whatever its times, in
 * the last sixtieth before the edge).
 *
 * `sealed`: all spans within reach, this one's own part among them where it has one. `known`: what is known already.
 */
export async function onceIn(
  segments: Segments,
  fromMs: number,
  sealed: readonly SealedSpan[],
  known = identitySet(),
): Promise<Once> {
  const edgeMs = fromMs - segments.spanMs / edgePart;
  const before = sealedLookup(
    segments,
    sealed.filter((span) => span.fromMs < fromMs),
  );
  const beside = sealedLookup(
    segments,
    sealed.filter((span) => span.fromMs >= fromMs),
  );
  for await (const identity of before.identitiesFrom(edgeMs)) known.add(identity);

  const look = async (line: Line, lookups: readonly SealedLookup[]): Promise<boolean> => {
    for (const lookup of lookups) if (await lookup.has(line)) return false;
    return true;
  };
  return {
    isNew(line) {
      if (!known.add(line.identity)) return false;
      // From the edge on, all that was before is known, unless it was forgotten over so many lines.
      const inBefore = (line.timeMs < edgeMs || known.isFull) && before.mayHold(line.timeMs);
      const inBeside = beside.mayHold(line.timeMs);
      if (!inBefore && !inBeside) return true;
      return look(line, [...(inBefore ? [before] : []), ...(inBeside ? [beside] : [])]);
    },
  };
}
