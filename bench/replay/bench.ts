import { median } from "../frame/interleave.ts";
import type { ReportBench } from "../frame/report-bench.ts";
import { archivedEvents } from "./archived-events.ts";
import { dollarsPerMillion } from "./dollars.ts";
import { type Made, ours, parseAll, unpackOnly } from "./readers.ts";
import { type Seek, seek } from "./seek.ts";

const rounds = 5;
/** Where in the simulated archive is sought, as shares of its time. */
const shares = [0.001, 0.25, 0.5, 0.777, 0.9999];
const mostGets = 3;
const least = 2;

/**
 * From segments to batches that a queue takes, on one core: ours, which copies bytes, beside a reader that parses each line; what it takes to
 * seek a time in a simulated archive of a thousand million events; and what a million events cost.
 */
export const replayBench: ReportBench = {
  packages: [],
  /** Events. */
  size: 100_000,
  report: async (size, tell) => {
    tell(`archiving and sealing ${size} events …`);
    const { archive, eventBytes, packedBytes, bytes } = await archivedEvents(size);
    const readers = {
      ours: () => ours(archive),
      again: () => ours(archive, { again: true }),
      parseAll: () => parseAll(archive),
      unpackOnly: () => unpackOnly(archive),
    };
    const rates: Record<keyof typeof readers, number[]> = {
      ours: [],
      again: [],
      parseAll: [],
      unpackOnly: [],
    };
    const made: Partial<Record<keyof typeof readers, Made>> = {};
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const [name, read] of Object.entries(readers) as [keyof typeof readers, () => Promise<Made>][]) {
        const before = process.cpuUsage();
        made[name] = await read();
        const { user, system } = process.cpuUsage(before);
        if (round > 0) rates[name].push((size * 1_000_000) / (user + system));
        if (round > 0) tell(`${name}: ${Math.round(rates[name].at(-1) ?? 0)} events/s`);
      }
    }
    const [eventsPerSecond, againPerSecond, parseAllEventsPerSecond, unpackOnlyPerSecond] = [
      rates.ours,
      rates.again,
      rates.parseAll,
      rates.unpackOnly,
    ].map((some) => Math.round(median(some)));
    const seeks = await Promise.all(shares.map((share) => seek(share)));
    const whole = await seek(0.5, { whole: true });
    const seekGets = Math.max(...seeks.map(({ gets }) => gets));
    const dollars = dollarsPerMillion({ eventBytes, lineBytes: bytes / size });
    const figures = { eventsPerSecond, againPerSecond, parseAllEventsPerSecond, unpackOnlyPerSecond };
    return {
      answer: {
        ...figures,
        seekGets,
        seekGetsWithLateOnes: whole.gets,
        dollarsPerMillion: dollars,
        eventBytes: Math.round(eventBytes),
        lineBytes: Math.round(bytes / size),
        packedBytes: Math.round(packedBytes / size),
      },
      table: [
        `${size} events of ${Math.round(eventBytes)} bytes, ${Math.round(bytes / size)} as a line, ${Math.round(packedBytes / size)} packed; events a second and core, median of ${rounds}`,
        `  to queue-ready batches       ${eventsPerSecond}`,
        `  the same with a replay's id  ${againPerSecond}`,
        `  each line parsed             ${parseAllEventsPerSecond}`,
        `  unpacked only                ${unpackOnlyPerSecond}: what no reader can pass`,
        `seek in 10⁹ events             ${seekGets} GETs to a time's first event; ${whole.gets} with what was a day late or early`,
        `dollars a million              ${dollars.ours}, ${dollars.again} with --again; EventBridge ${dollars.eventBridge}`,
      ].join("\n"),
      failures: failuresOf({ size, made, seeks, eventsPerSecond, parseAllEventsPerSecond, seekGets }),
    };
  },
};

function failuresOf({
  size,
  made,
  seeks,
  eventsPerSecond = 0,
  parseAllEventsPerSecond = 0,
  seekGets,
}: {
  readonly size: number;
  readonly made: Readonly<Partial<Record<string, Made>>>;
  readonly seeks: readonly Seek[];
  readonly eventsPerSecond: number | undefined;
  readonly parseAllEventsPerSecond: number | undefined;
  readonly seekGets: number;
}): string[] {
  const failures: string[] = [];
  for (const [name, one] of Object.entries(made)) {
    if (one?.events !== size) failures.push(`${name} has made ${one?.events} of ${size} events`);
  }
  if (made.ours?.bytes !== made.parseAll?.bytes) {
    failures.push(`ours made ${made.ours?.bytes} bytes, the reader that parses ${made.parseAll?.bytes}`);
  }
  if (eventsPerSecond < least * parseAllEventsPerSecond) {
    failures.push(
      `ours is ${(eventsPerSecond / parseAllEventsPerSecond).toFixed(2)} times as quick as parsing: ${least} is the least`,
    );
  }
  if (seekGets > mostGets) failures.push(`seeking took ${seekGets} GETs; ${mostGets} are the most`);
  for (const { foundMs, askedMs } of seeks) {
    if (Math.abs(foundMs - askedMs) > 1_000) {
      failures.push(`asked for ${new Date(askedMs).toISOString()}, found ${new Date(foundMs).toISOString()}`);
    }
  }
  return failures;
}
