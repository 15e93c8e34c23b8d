import { type Backlog, backlogCeiling } from "../frame/index.ts";
import type { OrderService } from "./order-service.ts";

/** Orders that are let in at once. */
const handful = 500;

/**
 * Lets customers into the shop, as fast as the consumer follows, until all orders are published. Rejects when the order
 * service fails.
 */
export async function placeOrders({
  service,
  orders,
  backlog,
  signal,
}: {
  readonly service: OrderService;
  readonly orders: number;
  readonly backlog: Pick<Backlog, "deepest" | "next">;
  readonly signal: AbortSignal;
}): Promise<void> {
  let allowed = 0;
  while (allowed < orders && !signal.aborted) {
    const underWay = allowed - service.counts.orders;
    if (backlog.deepest() + underWay < backlogCeiling) {
      const more = Math.min(handful, orders - allowed);
      service.allow(more);
      allowed += more;
    } else {
      // A service that has failed publishes nothing more, and the backlog would wait for it.
      await Promise.race([backlog.next(), service.ended]);
    }
  }
  if (!signal.aborted) await service.ended;
}
