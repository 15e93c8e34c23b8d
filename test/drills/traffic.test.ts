import { describe, expect, it } from "@jest/globals";
import { countOfShare, everyShare, seededChance } from "../../drills/frame/chance.ts";
import type { Order } from "../../drills/orders/orders.ts";
import { type Parcel, traffic } from "../../drills/orders/traffic.ts";
import type { WireMessage } from "../../src/contract/index.ts";

describe("everyShare", () => {
  it.each([
    [0.05, 5_000, 250],
    [0.001, 5_000, 5],
    [0.001, 69_659, 70],
    [0.07, 100, 7],
    [0.01, 3, 1],
    [1, 40, 40],
    [0, 1_000, 0],
  ])("with a share of %d says yes in %d calls exactly %d times", (share, calls, wanted) => {
    const now = everyShare(share);

    const yes = Array.from({ length: calls }, now).filter(Boolean).length;

    expect(yes).toBe(wanted);
    expect(countOfShare(calls, share)).toBe(wanted);
  });
});

describe("seededChance", () => {
  it("repeats with its seed, and differs with another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededChance(seed));

    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(3).every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe("traffic", () => {
  it("sends each order once, the promised share twice with the same bytes, never before their original", async () => {
    const parcels = await send({ orders: 1_000, duplicates: 0.05, poison: 0 });

    const originals = parcels.filter(({ kind }) => kind === "order").map(({ message }) => message);
    expect(originals.map(({ id }) => id)).toEqual(Array.from({ length: 1_000 }, (_, index) => `id-${index}`));
    const duplicates = parcels.filter(({ kind }) => kind === "duplicate");
    expect(duplicates).toHaveLength(50);
    expect(new Set(duplicates.map(({ message }) => message.id)).size).toBe(50);
    for (const { message } of duplicates) {
      expect(originals).toContain(message);
      const places = parcels.flatMap((parcel, index) => (parcel.message === message ? [index] : []));
      expect(parcels[places[0] ?? -1]?.kind).toBe("order");
    }
  });

  it("sends duplicates near their originals and far from them", async () => {
    const parcels = await send({ orders: 1_000, duplicates: 0.05, poison: 0 });

    const distances = parcels
      .filter(({ kind }) => kind === "duplicate")
      .map(
        ({ message }) =>
          parcels.findLastIndex((parcel) => parcel.message === message) -
          parcels.findIndex((parcel) => parcel.message === message),
      );
    expect(Math.min(...distances)).toBeLessThan(50);
    expect(Math.max(...distances)).toBeGreaterThan(150);
  });

  it("sends the promised share of poison, at least one, each with a body of its own", async () => {
    const parcels = await send({ orders: 300, duplicates: 0, poison: 0.1 });
    const few = await send({ orders: 10, duplicates: 0, poison: 0.001 });

    const bodies = parcels.filter(({ kind }) => kind === "poison").map(({ message }) => message.body);
    expect(bodies).toHaveLength(30);
    expect(new Set(bodies).size).toBe(30);
    expect(few.filter(({ kind }) => kind === "poison")).toHaveLength(1);
  });

  it("repeats exactly with its seed", async () => {
    const ids = async () =>
      (await send({ orders: 200, duplicates: 0.2, poison: 0.05 })).map(
        ({ kind, message }) => kind + message.id,
      );

    expect(await ids()).toEqual(await ids());
  });
});

function send({
  orders,
  duplicates,
  poison,
}: {
  orders: number;
  duplicates: number;
  poison: number;
}): Promise<Parcel[]> {
  return Array.fromAsync(
    traffic({ orders: make(orders), expected: orders, seal, duplicates, poison, chance: seededChance(1) }),
  );
}

async function* make(count: number): AsyncGenerator<Order> {
  for (let index = 0; index < count; index++) {
    yield { orderId: String(index), customer: "1", date: "1997-01-01", cds: 1, cents: 100 };
  }
}

function seal({ orderId }: Order): WireMessage {
  return {
    topic: "orders",
    id: `id-${orderId}`,
    source: "//test",
    type: "order.created",
    body: orderId,
    attributes: { type: "order.created" },
  };
}
