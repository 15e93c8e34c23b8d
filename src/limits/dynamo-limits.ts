import { type Clock, formatUuid, systemClock } from "../clock.ts";
import { describeError, LimitError } from "../errors.ts";
import { defaultCalls } from "./default-calls.ts";
import type { CallAnswer, DynamoCalls, Item } from "./dynamo-call.ts";
import { judgeSlots, type LimitItems, spacingOf } from "./judge-slots.ts";
import { type LoneRate, moveBack, moveOn, moveTogether, startAnew } from "./limit-writes.ts";
import type { LimitStore, SlotAnswer, SlotRequest } from "./ports.ts";
import { seenItems } from "./seen-items.ts";

/** Tries of one reservation: each loss tells what stands there now, so a second loss means that others are as busy. */
const maxTries = 6;

/**
 * Limits on DynamoDB: one conditional write for a reservation of any number of slots. Two forms: our clock is ahead of
 * the item (an idle limit starts now), or the item ahead of our clock (it is moved on by a difference, so that holders
 * who race do not refuse each other). Which of them will do is told from what was last seen; a wrong guess costs a write.
 * Several limits move in one transaction.
 */
export function dynamoLimits({
  table,
  clock = systemClock,
  calls = defaultCalls(),
}: {
  table: string;
  clock?: Clock;
  calls?: DynamoCalls;
}): LimitStore {
  const seen = seenItems();
  const token = () => formatUuid(clock.fill(new Uint8Array(16)));

  const answered = async (call: () => Promise<CallAnswer>): Promise<CallAnswer> => {
    try {
      return await call();
    } catch (cause) {
      const { name, message } = describeError(cause);
      throw new LimitError(
        "limits-unavailable",
        `the limits ${table} did not answer (${name}: ${message}); nothing is started without a slot`,
        { retryable: true, cause },
      );
    }
  };

  return {
    async reserve(request): Promise<SlotAnswer> {
      const before = seen.of(request);
      let items = before;
      let storeMs: number | undefined;
      const lastStart = request.latestMicros - request.slots * spacingOf(request);
      for (let attempt = 0; attempt < maxTries; attempt++) {
        const judged = judgeSlots(request, items);
        // Memory alone never says that there is no room at all: slots may have been given back since.
        const isCertain = attempt > 0 || judged.status === "open" || judged.fits > 0;
        if (judged.status === "full" && (isCertain || lastStart < request.earliestMicros)) {
          return { ...judged, storeMs };
        }
        const startMicros = judged.status === "open" ? judged.startMicros : lastStart;
        const lone = isLone(request);
        const isAhead = startMicros > request.earliestMicros;
        const moves = lone && (isAhead || (attempt === 0 && seen.isShared(request.rates[0].key)));
        const answer = await answered(() => {
          if (moves) return calls.update(moveOn(table, request));
          if (lone) return calls.update(startAnew(table, request));
          return calls.transact(moveTogether(table, request, startMicros), token());
        });
        storeMs = answer.storeMs;
        const { outcome } = answer;
        if (outcome.status === "written") {
          const arrival = moves ? numberOf(outcome.item, "tat") : undefined;
          const from = arrival === undefined ? startMicros : arrival - request.slots * spacingOf(request);
          const grant = { request, startMicros: from };
          seen.noteGrant(grant, before);
          return { status: "granted", grant, storeMs };
        }
        if (outcome.status === "refused") {
          items = lone
            ? { arrivals: [numberOf(outcome.items[0], "tat")], used: [] }
            : itemsOf(request, outcome.items, items);
          seen.note(request, items, before);
        }
      }
      return { status: "contended", storeMs };
    },

    async giveBack(grant, unused) {
      if (seen.isBehind(grant)) return false;
      const writes = moveBack(table, grant, unused);
      const [first] = writes;
      const answer = await answered(() =>
        first && writes.length === 1
          ? calls.update(first)
          : calls.transact(
              writes.map((Update) => ({ Update })),
              token(),
            ),
      );
      if (answer.outcome.status !== "written") return false;
      seen.forget(grant.request);
      return true;
    },
  };
}

function isLone(request: SlotRequest): request is LoneRate {
  return request.rates.length === 1 && request.quotas.length === 0;
}

/** What a refused write told: an item that was not shown has not changed what we know of it. */
function itemsOf(request: SlotRequest, items: readonly (Item | undefined)[], before: LimitItems): LimitItems {
  return {
    arrivals: request.rates.map((_, index) => numberOf(items[index], "tat") ?? before.arrivals[index]),
    used: request.quotas.map(
      (_, index) => numberOf(items[request.rates.length + index], "used") ?? before.used[index],
    ),
  };
}

function numberOf(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  return text === undefined ? undefined : Number(text);
}
