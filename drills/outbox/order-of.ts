/** One order in so many is rolled back on purpose. */
export const rolledBackEvery = 21;

/** An order that somebody places: all of it follows from its number. */
export interface Order {
  readonly order: number;
  readonly cents: number;
  /** Its transaction is refused, though all of it was sent. */
  readonly isRolledBack: boolean;
}

export function orderOf(order: number): Order {
  return {
    order,
    cents: 100 + ((order * 7_919) % 20_000),
    isRolledBack: order % rolledBackEvery === rolledBackEvery - 1,
  };
}

/** How many have to be placed, so that `orders` of them stand. */
export function placedFor(orders: number): number {
  return orders + Math.floor(orders / (rolledBackEvery - 1));
}

/** Of all that are placed, those that are to stand: how many, and what they cost. */
export function controlOf(placed: number): { readonly orders: number; readonly cents: number } {
  let orders = 0;
  let cents = 0;
  for (let order = 0; order < placed; order++) {
    const one = orderOf(order);
    if (one.isRolledBack) continue;
    orders += 1;
    cents += one.cents;
  }
  return { orders, cents };
}
