import { type ArchiveLine, parseArchiveLine } from "../../src/archive/index.ts";
import type { Line, Segments } from "../../src/segments/index.ts";
import { matchingLines } from "../archive/matching-lines.ts";

/** An event of a chain, as the archive has it. */
export interface ChainEvent {
  readonly line: ArchiveLine & { readonly id: string; readonly source: string; readonly type: string };
  readonly isOpen: boolean;
  /** It is not archived: it waits in a schedule until then. */
  readonly due?: { readonly at: string; readonly isCancelled: boolean };
}

/** An event that names no chain is the first of its own. */
export const chainOf = ({ line }: ChainEvent) => line.correlationid ?? line.id;

/**
 * The events of every chain that an id or a correlation id belongs to, each once. Reads the archive from `fromMs` on: once where
 * the chain begins there, and again where an id led to a chain that began before.
 */
export async function chainEvents(
  archive: Segments,
  {
    asked,
    fromMs,
    onLine,
  }: {
    readonly asked: string;
    readonly fromMs: number;
    readonly onLine?: ((line: Line) => void) | undefined;
  },
): Promise<readonly ChainEvent[]> {
  const found = await read(archive, { wanted: [asked], fromMs, onLine });
  const chains = [...new Set(found.map(chainOf))];
  if (chains.every((chain) => chain === asked)) return found;
  const beganMs = Math.min(fromMs, ...chains.map((chain) => timeOfId(chain) ?? fromMs));
  return read(archive, { wanted: chains, fromMs: beganMs - skewMs, onLine });
}

/** An id is made a moment before its event's time, or on a clock that is a little ahead. */
export const skewMs = 60_000;

async function read(
  archive: Segments,
  {
    wanted,
    fromMs,
    onLine,
  }: {
    readonly wanted: readonly string[];
    readonly fromMs: number;
    readonly onLine: ((line: Line) => void) | undefined;
  },
): Promise<readonly ChainEvent[]> {
  const marks = wanted.map((text) => Buffer.from(JSON.stringify(text)));
  const isWanted = new Set(wanted);
  const found = new Map<string, ChainEvent>();
  const matches = ({ bytes }: Line) => marks.some((mark) => bytes.includes(mark));
  for await (const { line, offset } of matchingLines(archive, { fromMs, matches, onLine })) {
    const parsed = parseArchiveLine(line.bytes);
    if (!isEvent(parsed)) continue;
    const event = { line: parsed, isOpen: offset === undefined };
    if (isWanted.has(parsed.id) || isWanted.has(chainOf(event))) found.set(line.identity, event);
  }
  return [...found.values()];
}

function isEvent(line: ArchiveLine): line is ChainEvent["line"] {
  return line.id !== undefined && line.source !== undefined && line.type !== undefined;
}

const uuidv7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** When a UUIDv7 was made, in milliseconds since the epoch; `undefined` of any other id. */
export function timeOfId(id: string): number | undefined {
  const [, high, low] = uuidv7.exec(id) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(high + low, 16);
}
