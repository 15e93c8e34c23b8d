import type { KeyStep, LineRow, Parked } from "./line-ports.ts";
import { endOf, endOfUnread, type PassOnParts } from "./pass-on.ts";

/** Rows in one read, and in the transaction that ends with them. */
const most = 25;
/** A relay that was killed keeps its key for so long at most; one that lives asks for more with each transaction. */
const leaseMs = 60_000;
/** What a page of a line may still take. Nothing new is begun when less is left of the invocation. */
const marginMs = 15_000;

/** What became of a key's line. */
export interface PassedLine {
  /** Of each row that is out, from its being made to its being out, in milliseconds. */
  readonly lagsMs: readonly number[];
  /** Why it stands, if it does: `done` where nothing is left. */
  readonly stands: "done" | "held" | "parked" | "gap" | "soon" | "later" | "out-of-time";
  readonly reason?: string | undefined;
  /** The row that keeps the key waiting: when it was parked just now, or before. */
  readonly parked?: Parked | undefined;
  /** Whether it was parked just now. */
  readonly isNew?: boolean | undefined;
}

/**
 * Sends a key's rows in the order of their sequence, each when the one before was taken by the topic, until nothing is left that
 * may be sent. Killed anywhere, another begins again behind the last row that the head says is out.
 */
export async function passLine(
  key: string,
  parts: PassOnParts,
  { owner, deadlineMs }: { readonly owner: string; readonly deadlineMs: number },
): Promise<PassedLine> {
  const { store, clock } = parts;
  const lagsMs: number[] = [];
  for (;;) {
    if (clock.nowMs() > deadlineMs - marginMs) return { lagsMs, stands: "out-of-time" };
    const taken = await store.take(key, owner, clock.nowMs() + leaseMs);
    if (taken.status === "held") return { lagsMs, stands: "held" };
    if (taken.status === "parked") return { lagsMs, stands: "parked", parked: taken.parked };
    const ended = await passPages(key, taken.sent, parts, { owner, deadlineMs, lagsMs });
    if (ended.stands !== "done") return ended;
    // Whoever found the lease taken has gone away: what they came for is there by now.
    const [more] = await store.line(key, 1);
    if (!more) return ended;
  }
}

/** Page after page under one lease, which has ended when this answers. */
async function passPages(
  key: string,
  from: number,
  parts: PassOnParts,
  terms: { readonly owner: string; readonly deadlineMs: number; readonly lagsMs: number[] },
): Promise<PassedLine> {
  const { store, clock } = parts;
  const { owner, deadlineMs, lagsMs } = terms;
  let sent = from;
  for (;;) {
    const rows = await store.line(key, most);
    const page = await passPage(rows, sent, parts);
    lagsMs.push(...page.lagsMs);
    sent = page.sent;
    const isMore = page.stands === undefined && rows.length > 0;
    const isLate = clock.nowMs() > deadlineMs - marginMs;
    const next: KeyStep["next"] = page.parked
      ? { do: "park", parked: page.parked }
      : isMore && !isLate
        ? { do: "keep", endsMs: clock.nowMs() + leaseMs }
        : { do: "release" };
    const isOurs = await store.settle(key, owner, { out: page.out, sent, next });
    if (!isOurs) return { lagsMs, stands: "held" };
    const { stands, reason, parked } = page;
    if (stands) return { lagsMs, stands, reason, parked, isNew: parked !== undefined };
    if (!isMore) return { lagsMs, stands: "done" };
    if (isLate) return { lagsMs, stands: "out-of-time" };
  }
}

interface PassedPage {
  readonly out: readonly number[];
  readonly sent: number;
  readonly lagsMs: readonly number[];
  readonly stands?: "parked" | "gap" | "soon" | "later";
  readonly reason?: string;
  readonly parked?: Parked;
}

/** Sends rows one by one, until one does not go out. */
async function passPage(rows: readonly LineRow[], from: number, parts: PassOnParts): Promise<PassedPage> {
  const { publisher, clock } = parts;
  const out: number[] = [];
  const lagsMs: number[] = [];
  let sent = from;
  for (const { order, row } of rows) {
    const { sequence } = order;
    const so = { out, sent, lagsMs };
    const park = (reason: string, message: string): PassedPage => ({
      ...so,
      stands: "parked",
      parked: { sequence, reason, message, atMs: clock.nowMs() },
    });
    if (sequence <= sent) {
      return park("behind", `sequence ${sequence} comes when ${sent} is out: it would be out of order`);
    }
    if (sequence > sent + 1) {
      return { ...so, stands: "gap", reason: `sequence ${sent + 1} is missing; ${sequence} is there` };
    }
    const end = row.status === "row" ? endOf((await publisher.send([row.message]))[0]) : endOfUnread(row);
    if (end.to === "dead") return park(end.reason, end.message);
    if (end.to === "wait") return { ...so, stands: end.soon ? "soon" : "later", reason: end.reason };
    out.push(sequence);
    sent = sequence;
    if (row.status === "row") lagsMs.push(Math.max(0, clock.nowMs() - row.createdMs));
  }
  return { out, sent, lagsMs };
}
