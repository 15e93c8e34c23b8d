import { virtualClock } from "../../local/testing/virtual-clock.ts";
import {
  type Entry,
  indexedEntries,
  inMemoryReconcileStore,
  type LedgerSource,
  type PartMessage,
  type PartQueue,
  type ReconcileJob,
} from "../../src/reconcile/index.ts";
import { hourMs, startMs } from "./books.ts";

export const dayMs = 24 * hourMs;

/** Entries spread over days, one an hour or so. */
export function daysOf(days: number): Entry[] {
  return Array.from({ length: days * 24 }, (_, hour) => ({
    key: `transfer-${hour}`,
    timeMs: startMs + hour * hourMs + ((hour * 7_919) % hourMs),
    fields: { cents: hour * 17 },
  }));
}

export const drop = (entries: readonly Entry[], ...keys: string[]) =>
  entries.filter(({ key }) => !keys.includes(key));

/** Two books that can be written to at any time, a job about them, and a queue for its parts. */
export function twoBooks({ days = 10, keepMs }: { days?: number; keepMs?: number } = {}) {
  const clock = virtualClock({ startMs: startMs + days * dayMs + 2 * hourMs });
  const store = inMemoryReconcileStore({ clock });
  const books: { left: readonly Entry[]; right: readonly Entry[] } = {
    left: daysOf(days),
    right: daysOf(days),
  };
  const side = (name: "left" | "right"): LedgerSource => {
    let of: readonly Entry[] = [];
    let source = indexedEntries({ name, entries: of, spanMs: hourMs });
    const now = () => {
      if (of !== books[name]) {
        of = books[name];
        source = indexedEntries({ name, entries: of, spanMs: hourMs });
      }
      return source;
    };
    return {
      name,
      digest: (windows) => now().digest(windows),
      entries: (window, cursor) => now().entries(window, cursor),
      lookup: (keys) => now().lookup(keys),
    };
  };
  const job: ReconcileJob = {
    name: "banks",
    left: side("left"),
    right: side("right"),
    beginMs: startMs,
    settleMs: hourMs,
    ...(keepMs === undefined ? {} : { keepMs }),
  };
  const waiting: PartMessage[] = [];
  const parts: PartQueue = {
    send: async (messages) => {
      waiting.push(...messages);
    },
  };
  /** What a job comes to: what it remembers, but for when, and all that is open. */
  const state = async () => {
    const [remembered] = await store.read([job.name]);
    const {
      comparedToMs,
      lastLookToMs,
      unknown,
      rest = [],
      fanOut,
    } = remembered?.progress ?? {
      comparedToMs: undefined,
      lastLookToMs: undefined,
      unknown: undefined,
    };
    const open = [];
    let cursor: string | undefined;
    do {
      const page = await store.list(job.name, cursor);
      open.push(...page.open.map(({ difference }) => difference));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return { comparedToMs, lastLookToMs, unknown, rest, fanOut, open };
  };
  return { clock, store, books, job, parts, waiting, state };
}

/** A port that dies with its n-th call, before it is carried out or after: neither answers. `calls()` counts. */
export function mortal<Port extends object>(port: Port, dies: number, after: boolean) {
  const life = lifeOf(dies, after);
  return { port: life.of(port), calls: life.calls };
}

/** A life that several ports share: all are dead from its n-th call on. */
export function lifeOf(dies: number, after: boolean) {
  let calls = 0;
  const dead = new Promise<never>(() => undefined);
  const of = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...args: never[]) => {
          const nth = calls++;
          if (nth > dies || (nth === dies && !after)) return dead;
          const answer = await (target[name as keyof Port] as (...all: never[]) => unknown)(...args);
          return nth === dies ? dead : answer;
        },
    });
  return { of, calls: () => calls };
}
