import { describe, expect, it } from "@jest/globals";
import { checkWholeFile, controlTotals, wholeFile } from "../../drills/orders/control.ts";
import { type Order, parseOrder, readOrders } from "../../drills/orders/orders.ts";

describe("parseOrder", () => {
  it("reads money in whole cents, digit by digit", () => {
    expect(parseOrder("4,00003,1997-01-02,2,20.76")).toEqual({
      orderId: "4",
      customer: "00003",
      date: "1997-01-02",
      cds: 2,
      cents: 2076,
    });
    // 1.15 * 100 is 114.99999999999999 in floating point.
    expect(parseOrder("5,1,1997-01-02,1,1.15").cents).toBe(115);
    expect(parseOrder("6,1,1997-01-02,1,0.00").cents).toBe(0);
  });

  it.each(["", "1,2,3", "1,00001,1997-01-01,1,11.7", "1,00001,1997-01-01,1,-11.77", "x,1,1997-01-01,1,1.00"])(
    "refuses %j and shows the form",
    (line) => {
      expect(() => parseOrder(line)).toThrow(/is no order: order,customer,date,cds,dollars is the form/);
    },
  );
});

describe("readOrders", () => {
  it("reads the first orders of the file in its order", async () => {
    const orders = await Array.fromAsync(readOrders(3));

    expect(orders.map(({ orderId, customer, cents }) => [orderId, customer, cents])).toEqual([
      ["1", "00001", 1177],
      ["2", "00002", 1200],
      ["3", "00002", 7700],
    ]);
  });

  it("reads the whole file: every order once, of 23,570 customers, some alike but for their id", async () => {
    const orders = await Array.fromAsync(readOrders());

    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(69_659);
    expect(new Set(orders.map(({ customer }) => customer)).size).toBe(23_570);
    const groups = Map.groupBy(orders, (order: Order) => JSON.stringify({ ...order, orderId: "" }));
    expect([...groups.values()].filter(({ length }) => length > 1)).toHaveLength(215);
  });
});

describe("controlTotals", () => {
  it("adds up to the data set's published totals", async () => {
    expect(await controlTotals("all")).toEqual({ orders: 69_659, cents: 250_031_563, cds: 167_881 });
  });

  it("adds up the first orders", async () => {
    expect(await controlTotals(3)).toEqual({ orders: 3, cents: 1177 + 1200 + 7700, cds: 7 });
  });

  it.each(["orders", "cents", "cds"] as const)("notices a damaged file by its %s", (field) => {
    expect(() => checkWholeFile({ ...wholeFile, [field]: wholeFile[field] - 1 })).toThrow(
      new RegExp(`damaged: its ${field} add up to ${wholeFile[field] - 1}, and must to ${wholeFile[field]}`),
    );
  });
});
