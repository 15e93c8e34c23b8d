import { type Clock, systemClock } from "../clock.ts";
import { itemVersion, type LedgerItem } from "./item.ts";
import { judgeClaim } from "./judge-claim.ts";
import type { LedgerReader } from "./ledger-reader.ts";
import { mayRecordOver } from "./may-record-over.ts";
import type {
  ClaimRequest,
  ClaimResult,
  ClaimTerms,
  Ending,
  EndResult,
  Ledger,
  RecordRequest,
  RecordResult,
} from "./ports.ts";

/** A ledger in this process's memory, with a look inside for tests. */
export interface InMemoryLedger extends Ledger, LedgerReader {
  readonly items: ReadonlyMap<string, LedgerItem>;
  /** `end` for one claim, done when it returns: for what is to happen together with it. */
  endNow(ending: Ending, owner: string): EndResult;
}

/** Makes an `InMemoryLedger`: for tests and simulations; nothing is kept when the process ends. */
export function inMemoryLedger({
  keepMs,
  clock = systemClock,
}: {
  keepMs: number;
  clock?: Clock;
}): InMemoryLedger {
  const items = new Map<string, LedgerItem>();
  const expires = () => Math.ceil((clock.nowMs() + keepMs) / 1000);

  const claimOne = (request: ClaimRequest, terms: ClaimTerms): ClaimResult => {
    const { redelivered: _, ...event } = request;
    const item = items.get(request.key);
    const judgement = judgeClaim(item, request, terms, clock.nowMs());
    if (
      judgement.status !== "absent" &&
      judgement.status !== "takeable" &&
      judgement.status !== "redrivable"
    ) {
      return judgement;
    }
    const attempts = judgement.status === "takeable" ? (item?.attempts ?? 0) + 1 : 1;
    items.set(request.key, {
      ...event,
      v: itemVersion,
      state: "claimed",
      owner: terms.owner,
      lease: terms.leaseEndsMs,
      attempts,
      ended: item?.ended ?? 0,
      expires: expires(),
      ...(item?.reason === undefined ? {} : { reason: item.reason }),
    });
    return { status: "claimed", attempts, takenOver: item?.state === "claimed" };
  };

  const endOne = (ending: Ending, owner: string): EndResult => {
    const item = items.get(ending.key);
    if (!item || item.owner !== owner) return { status: "lost" };
    if (item.state !== "claimed") return { status: item.state === ending.to ? "ended" : "lost" };
    const next = { ...item, state: ending.to, expires: expires() };
    if (ending.to === "released") {
      items.set(ending.key, { ...next, attempts: ending.started ? item.attempts : item.attempts - 1 });
    } else if (ending.to === "dead") {
      items.set(ending.key, { ...next, ended: clock.nowMs(), reason: ending.reason });
    } else {
      items.set(ending.key, {
        ...next,
        ended: clock.nowMs(),
        ...(ending.result === undefined ? {} : { result: ending.result }),
        ...(ending.emits.length > 0 ? { emits: ending.emits } : {}),
      });
    }
    return { status: "ended" };
  };

  const recordOne = ({ ending, attempts, ...event }: RecordRequest): RecordResult => {
    const item = items.get(event.key);
    if (item && item.hash !== event.hash) return { status: "id-reused" };
    if (item && !mayRecordOver(item, ending, clock.nowMs()))
      return { status: "already", emits: item.emits ?? [] };
    items.set(event.key, {
      ...event,
      v: itemVersion,
      state: ending.to,
      owner: "",
      lease: 0,
      attempts,
      ended: clock.nowMs(),
      expires: expires(),
      ...(ending.to === "dead" ? { reason: ending.reason } : {}),
      ...(ending.to === "done" && ending.emits.length > 0 ? { emits: ending.emits } : {}),
    });
    return { status: "recorded" };
  };

  return {
    items,
    read: async (keys) =>
      keys.map((key) => {
        const { emits: _, ...item } = items.get(key) ?? {};
        return "key" in item ? item : undefined;
      }),
    endNow: endOne,
    claim: async (requests, terms) => requests.map((request) => claimOne(request, terms)),
    end: async (endings, owner) => endings.map((ending) => endOne(ending, owner)),
    record: async (requests) => requests.map(recordOne),
    sent: async (keys) => {
      for (const key of keys) {
        const item = items.get(key);
        if (item?.state !== "done") continue;
        const { emits: _, ...rest } = item;
        items.set(key, rest);
      }
    },
  };
}
