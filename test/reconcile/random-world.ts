import type { Entry } from "../../src/reconcile/index.ts";

/** An entry of one side's book, from the moment on when it was written. */
export interface Written {
  readonly entry: Entry;
  readonly atMs: number;
}

export type Side = "left" | "right";

/** Two books as they are written in time, and what is truly wrong about them in the end. */
export interface RandomWorld {
  readonly spanMs: number;
  readonly settleMs: number;
  readonly lateAfterMs: number;
  readonly beginMs: number;
  readonly endMs: number;
  readonly books: Readonly<Record<Side, readonly Written[]>>;
  /** What a look by key says in the end: `late` ones are there, and are no difference any more. */
  readonly wrong: ReadonlyMap<string, string>;
  /** Keys whose copies happen at one moment, so that nothing else may ever be said about them. */
  readonly steady: ReadonlySet<string>;
}

const kinds = [
  ...Array.from({ length: 8 }, () => "equal" as const),
  ...(["nudged", "twice", "missing left", "missing right", "mismatch"] as const),
  ...([
    "another type",
    "double",
    "double later",
    "twice apart",
    "moved",
    "moved and changed",
    "before",
  ] as const),
];

/** Makes a world by chance: spans, settle times, tolerances, books from empty to full, every kind of difference. */
export function randomWorld(random: () => number): RandomWorld {
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const spanMs = pick([60_000, 600_000, 3_600_000, 21_600_000]);
  const settleMs = pick([0, 1, spanMs / 10, spanMs, 2.5 * spanMs]);
  const lateAfterMs = pick([0, settleMs, spanMs / 2, 3 * spanMs]);
  const firstMs = Math.ceil(Date.UTC(2026, 0, 1) / spanMs) * spanMs;
  const beginMs = firstMs + pick([0, 0, Math.floor(random() * spanMs)]);
  const endMs = firstMs + pick([30, 30, 120]) * spanMs;
  const within = (timeMs: number) => Math.min(endMs - 1, Math.max(beginMs, Math.floor(timeMs)));
  const books = { left: [] as Written[], right: [] as Written[] };
  const write = (side: Side, ...entries: readonly Entry[]) => {
    for (const entry of entries) {
      books[side].push({ entry, atMs: entry.timeMs + Math.floor(random() * (settleMs + 1)) });
    }
  };
  const isCrowded = random() < 0.2;
  const count = pick([0, 1, 9, 40, 40, 150]);
  for (let nth = 0; nth < count; nth++) {
    const anyMs = within(isCrowded ? beginMs + 5 : beginMs + random() * (endMs - beginMs));
    const edgeMs = Math.floor(anyMs / spanMs) * spanMs + pick([-1, 0]);
    const timeMs = random() < 0.2 ? within(edgeMs) : anyMs;
    const key = pick([`transfer-${nth}`, `${nth}\n${nth}`, ` ${nth}`, `\u{1F4B6}${nth}`]);
    const one: Entry = {
      key,
      timeMs,
      fields: { cents: Math.floor(random() * 100), note: pick([null, "", "a"]) },
    };
    const other = { ...one, fields: { ...one.fields, cents: -1 } };
    const away = (ms: number): Entry => ({ ...one, timeMs: within(timeMs + (random() < 0.5 ? ms : -ms)) });
    const [left, right] = pairOf(pick(kinds), { one, other, away, random, lateAfterMs, spanMs, beginMs });
    write("left", ...left);
    write("right", ...right);
  }
  return {
    spanMs,
    settleMs,
    lateAfterMs,
    beginMs,
    endMs,
    books,
    ...truthOf(books, { spanMs, lateAfterMs, beginMs }),
  };
}

function pairOf(
  kind: (typeof kinds)[number],
  {
    one,
    other,
    away,
    random,
    lateAfterMs,
    spanMs,
    beginMs,
  }: {
    readonly one: Entry;
    readonly other: Entry;
    readonly away: (ms: number) => Entry;
    readonly random: () => number;
    readonly lateAfterMs: number;
    readonly spanMs: number;
    readonly beginMs: number;
  },
): readonly [readonly Entry[], readonly Entry[]] {
  const beyond = lateAfterMs + 1 + Math.floor(random() * 5 * spanMs);
  switch (kind) {
    case "equal":
      return [[one], [one]];
    case "nudged":
      return [[one], [away(Math.floor(random() * (lateAfterMs + 1)))]];
    case "twice":
      return [
        [one, one],
        [one, one],
      ];
    case "missing left":
      return [[], [one]];
    case "missing right":
      return [[one], []];
    case "mismatch":
      return [[one], [other]];
    case "another type":
      return [[one], [{ ...one, fields: { ...one.fields, cents: String(one.fields.cents) } }]];
    case "double":
      return [[one], [one, one]];
    case "double later":
      return [[one, away(beyond)], [one]];
    case "twice apart": {
      const far = away(beyond);
      const near = {
        ...far,
        timeMs: Math.max(beginMs, far.timeMs - Math.floor(random() * (lateAfterMs + 1))),
      };
      return [
        [one, far],
        [near, one],
      ];
    }
    case "moved":
      return [[one], [away(beyond)]];
    case "moved and changed":
      return [[one], [{ ...other, timeMs: away(beyond).timeMs }]];
    case "before":
      return [[{ ...one, timeMs: beginMs - 1 }], []];
  }
}

/** Judged by hand, key by key, over all that both books come to: nothing of this is the reconciler's. */
function truthOf(
  books: RandomWorld["books"],
  { spanMs, lateAfterMs, beginMs }: Pick<RandomWorld, "spanMs" | "lateAfterMs" | "beginMs">,
): Pick<RandomWorld, "wrong" | "steady"> {
  const wrong = new Map<string, string>();
  const steady = new Set<string>();
  const all = [...books.left, ...books.right];
  for (const key of new Set(all.map(({ entry }) => entry.key))) {
    const of = (side: Side) => books[side].map(({ entry }) => entry).filter((entry) => entry.key === key);
    const [left, right] = [of("left"), of("right")];
    const times = new Set([...left, ...right].map(({ timeMs }) => timeMs));
    if (times.size === 1) steady.add(key);
    const seen = [...times].some((timeMs) => timeMs >= beginMs);
    const sets = (text: (entry: Entry) => string) =>
      [left, right].map((entries) => entries.map(text).sort().join("|"));
    const [fieldsLeft, fieldsRight] = sets(({ fields }) => JSON.stringify(fields));
    const [spansLeft, spansRight] = sets(({ timeMs }) => String(Math.floor(timeMs / spanMs)));
    const byTime = (entries: readonly Entry[]) => entries.map(({ timeMs }) => timeMs).sort((a, b) => a - b);
    const apartMs = byTime(left).map((timeMs, nth) => Math.abs(timeMs - (byTime(right)[nth] ?? timeMs)));
    if (!seen) continue;
    if (left.length === 0) wrong.set(key, "missing-left");
    else if (right.length === 0) wrong.set(key, "missing-right");
    else if (left.length !== right.length) wrong.set(key, "duplicate");
    else if (fieldsLeft !== fieldsRight) wrong.set(key, "mismatch");
    else if (spansLeft !== spansRight && Math.max(...apartMs) > lateAfterMs) wrong.set(key, "late");
  }
  return { wrong, steady };
}
