import type { WireMessage } from "../../src/contract/index.ts";
import { everyShare } from "../frame/index.ts";
import type { Order } from "./orders.ts";
import { poisonMessage } from "./poison.ts";

/** One message to publish, and what it is to the run. */
export interface Parcel {
  readonly kind: "order" | "duplicate" | "poison";
  readonly message: WireMessage;
}

/** The farthest that a duplicate follows its original, in orders. */
const farthest = 1_000;

/**
 * What the run publishes, in order: each order's sealed bytes; for a share of them the same bytes again, from at once
 * to 1,000 orders later (or a quarter of the run), so that some meet their original in flight and some after it was
 * done; and poison in between. The counts are exact: ⌈orders × share⌉.
 */
export async function* traffic({
  orders,
  expected,
  seal,
  duplicates,
  poison,
  chance,
}: {
  readonly orders: AsyncIterable<Order>;
  /** How many orders there will be. */
  readonly expected: number;
  readonly seal: (order: Order) => WireMessage | Promise<WireMessage>;
  /** Share of the orders that come twice. */
  readonly duplicates: number;
  /** Poison messages per order. */
  readonly poison: number;
  readonly chance: () => number;
}): AsyncGenerator<Parcel> {
  const comesTwice = everyShare(duplicates);
  const poisonNow = everyShare(poison);
  const reach = Math.min(farthest, Math.ceil(expected / 4));
  const waiting = new Map<number, WireMessage[]>();
  let position = 0;
  let poisoned = 0;
  for await (const order of orders) {
    const message = await seal(order);
    yield { kind: "order", message };
    if (comesTwice()) {
      const due = position + Math.floor(chance() * reach);
      const others = waiting.get(due);
      if (others) others.push(message);
      else waiting.set(due, [message]);
    }
    for (const again of waiting.get(position) ?? []) yield { kind: "duplicate", message: again };
    waiting.delete(position);
    if (poisonNow()) yield { kind: "poison", message: poisonMessage(poisoned++) };
    position += 1;
  }
  for (const late of waiting.values()) {
    for (const again of late) yield { kind: "duplicate", message: again };
  }
}
