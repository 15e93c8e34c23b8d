import { type VirtualClock, virtualClock } from "../../local/testing/virtual-clock.ts";
import type * as Reconcile from "../../src/reconcile/index.ts";
import { type RandomWorld, randomWorld, type Side } from "./random-world.ts";

/** The room under test: the project's own, or one with a bug planted in it. */
export type Room = typeof Reconcile;

/** So many runs by chance; then three that nothing happens to. */
const runs = 10;
const leaseMs = 5;

/**
 * Runs a job on a random world, again and again: at random moments, with entries on their way, sides that fail or seal,
 * clocks that jump, workers, deaths in front of or behind any call. Answers all that went wrong: nothing may.
 */
export async function randomRuns(room: Room, seed: number): Promise<readonly string[]> {
  const chance = virtualClock({ seed });
  const random = () => chance.random();
  const world = randomWorld(random);
  const complaints: string[] = [];
  let nowMs = world.beginMs;
  let trueMs = world.beginMs;
  const clock: VirtualClock = { ...chance, nowMs: () => nowMs };
  const store = room.inMemoryReconcileStore({ clock });
  const seen = new Map<string, Set<string>>();
  const watched: Reconcile.ReconcileStore = {
    ...store,
    open: (job, owner, differences, holding) => {
      for (const { difference } of differences) {
        seen.set(difference.key, (seen.get(difference.key) ?? new Set()).add(difference.class));
        const truth = world.wrong.get(difference.key);
        const latestMs = Math.max(...[...difference.left, ...difference.right].map(({ timeMs }) => timeMs));
        if (latestMs >= nowMs - world.settleMs)
          complaints.push(`${JSON.stringify(difference.key)} has not settled`);
        if (world.steady.has(difference.key) && truth !== difference.class) {
          complaints.push(
            `false alarm: ${difference.class} ${JSON.stringify(difference.key)}, in truth ${truth}`,
          );
        }
      }
      return store.open(job, owner, differences, holding);
    },
  };
  const sealing = random() < 0.5;
  const pageSize = [1, 2, 7, 1_000][Math.floor(random() * 4)] ?? 1;
  const sideOf = (side: Side) => bookSource(room, world, side, { sealing, pageSize, nowMs: () => trueMs });
  const sides = { left: sideOf("left"), right: sideOf("right") };
  const waiting: Reconcile.PartMessage[] = [];
  const parts: Reconcile.PartQueue | undefined =
    random() < 0.3 ? { send: async (messages) => void waiting.push(...messages) } : undefined;
  // Nothing expires before the end, which is close enough to it for last looks.
  const keepMs = world.endMs - world.beginMs + Math.max(30 * world.spanMs + world.settleMs, 10 * 3_600_000);
  const isKept = random() < 0.5;
  const job = (faults: number, call: Caller): Reconcile.ReconcileJob => ({
    name: "random",
    left: called(sides.left, failing(random, faults, call)),
    right: called(sides.right, failing(random, faults, call)),
    beginMs: world.beginMs,
    settleMs: world.settleMs,
    spanMs: world.spanMs,
    lateAfterMs: world.lateAfterMs,
    ...(isKept && { keepMs }),
  });
  /** Does it, until it is through or dies; what it throws meanwhile is no matter, the next one goes on. */
  const attempt = async (faults: number, dies: number, work: (kit: Kit) => Promise<unknown>) => {
    const { call, died } = mortal(dies, random() < 0.5);
    const kit = { job: job(faults, call), store: called(watched, call), parts: parts && called(parts, call) };
    await Promise.race([work(kit).catch(() => undefined), died]);
    trueMs += leaseMs + 1;
    nowMs = Math.max(nowMs, trueMs);
  };
  const work = async (faults: number, mayDie: boolean) => {
    const dies = () => (mayDie && random() < 0.4 ? Math.floor(random() * 40) : Number.POSITIVE_INFINITY);
    await attempt(faults, dies(), (kit) => room.reconcile(kit.job, { ...kit, clock, leaseMs }));
    for (let tries = 0; waiting.length > 0 && tries < 40; tries++) {
      const message = waiting.shift() as Reconcile.PartMessage;
      const isLost = mayDie && random() < 0.1;
      if (!isLost && parts) {
        await attempt(faults, dies(), (kit) =>
          room.comparePart(kit.job, message, { store: kit.store, parts: kit.parts ?? parts, clock, leaseMs }),
        );
      }
    }
  };

  for (let run = 0; run < runs; run++) {
    const aheadMs = random() * (world.endMs - world.beginMs) * (random() < 0.2 ? 0.6 : 0.2);
    trueMs = Math.min(world.endMs + 5 * world.spanMs, trueMs + Math.floor(aheadMs));
    // A clock that was ahead has seen hours before anything happened in them: no later run can tell.
    nowMs = Math.max(0, trueMs - (random() < 0.15 ? Math.floor(random() * 20 * world.spanMs) : 0));
    await work(random() < 0.25 ? random() : 0, true);
  }
  trueMs = Math.max(trueMs, world.endMs + world.settleMs + 2 * world.spanMs);
  if (isKept) trueMs = Math.max(trueMs, world.beginMs + keepMs - 8 * 3_600_000);
  // What was handed out and lost is handed out again after an hour; what was given up is tried again by the next run.
  for (let run = 0; run < (parts ? 6 : 1); run++) {
    trueMs += 3_600_001;
    nowMs = trueMs;
    await work(0, false);
  }
  const alone = () =>
    room.reconcile(
      job(0, (call) => call()),
      { store: watched, clock, leaseMs },
    );
  await alone();
  const report = await alone();
  if (report.verdict === "held" || report.verdict === "unknown" || report.unknown.length > 0) {
    complaints.push(`in the end: ${report.verdict}, ${JSON.stringify(report.unknown)}`);
  }
  const open = await openOf(store);
  for (const key of new Set([...open.keys(), ...world.wrong.keys()])) {
    const truth = world.wrong.get(key);
    const expected = truth === "late" ? undefined : truth;
    if (open.get(key) !== expected)
      complaints.push(`${JSON.stringify(key)} is ${open.get(key)}, in truth ${expected}`);
    if (truth === "late" && !seen.get(key)?.has("late"))
      complaints.push(`${JSON.stringify(key)} was never late`);
  }
  return complaints;
}

interface Kit {
  readonly job: Reconcile.ReconcileJob;
  readonly store: Reconcile.ReconcileStore;
  readonly parts: Reconcile.PartQueue | undefined;
}

type Caller = <T>(call: () => Promise<T>) => Promise<T>;

/** Calls, up to the one that it dies with: in front of it or behind it, and then for ever. */
function mortal(dies: number, after: boolean) {
  let calls = 0;
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const dead = () => {
    die();
    return new Promise<never>(() => undefined);
  };
  const call: Caller = async (one) => {
    const nth = calls++;
    if (nth > dies || (nth === dies && !after)) return dead();
    const answer = await one();
    return nth === dies ? dead() : answer;
  };
  return { call, died };
}

function failing(random: () => number, faults: number, call: Caller): Caller {
  return (one) => call(() => (random() < faults ? Promise.reject(new Error("connection refused")) : one()));
}

/** A port all of whose methods go through a caller. */
function called<Port extends object>(port: Port, call: Caller): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const value = target[name as keyof Port];
      if (typeof value !== "function") return value;
      return (...args: never[]) => call(async () => value.apply(target, args));
    },
  });
}

/** A book as it is at the moment; a sealing one tells of a span what was there when it was sealed. */
function bookSource(
  room: Room,
  { spanMs, books }: RandomWorld,
  side: Side,
  { sealing, pageSize, nowMs }: { sealing: boolean; pageSize: number; nowMs: () => number },
): Reconcile.LedgerSource {
  const rows = books[side].map(({ entry, atMs }) => ({
    entry,
    atMs,
    span: Math.floor(entry.timeMs / spanMs),
    bucket: room.bucketOf(entry.key),
    hash: room.entryHash(entry, spanMs),
  }));
  const byKey = Map.groupBy(rows, ({ entry }) => entry.key);
  const sealedAt = new Map<number, number>();
  /** Of sealed spans what was there then, of others nothing; or all that is there now. */
  const told = ({ fromMs, toMs, fromBucket, toBucket }: Reconcile.Window) =>
    rows.filter(({ entry: { timeMs }, atMs, span, bucket }) => {
      if (timeMs < fromMs || timeMs >= toMs || bucket < fromBucket || bucket >= toBucket) return false;
      return atMs <= (sealing ? (sealedAt.get(span) ?? Number.NEGATIVE_INFINITY) : nowMs());
    });
  return {
    name: side,
    digest: async (windows) => windows.map((window) => room.digestOf(told(window).map(({ hash }) => hash))),
    entries: async (window, cursor) => {
      const from = Number(cursor ?? 0);
      const found = told(window);
      const entries = found.slice(from, from + pageSize).map(({ entry }) => entry);
      return from + pageSize < found.length ? { entries, cursor: String(from + pageSize) } : { entries };
    },
    lookup: async (keys) =>
      keys.map((key) =>
        (byKey.get(key) ?? []).filter(({ atMs }) => atMs <= nowMs()).map(({ entry }) => entry),
      ),
    seal: async ({ fromMs, toMs }) => {
      const [from, to] = [Math.floor(fromMs / spanMs), Math.ceil(toMs / spanMs)];
      for (const { span } of rows) if (span >= from && span < to) sealedAt.set(span, nowMs());
      return { itemsRead: 0 };
    },
  };
}

async function openOf(store: Reconcile.ReconcileStore): Promise<ReadonlyMap<string, string>> {
  const open = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const page = await store.list("random", cursor);
    for (const { difference } of page.open) open.set(difference.key, difference.class);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return open;
}
