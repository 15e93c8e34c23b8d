import { describe, expect, it } from "@jest/globals";
import { findContract, findContracts } from "../../../ops/scaffold/find-contract.ts";

const source = (path: string, text: string) => ({ path, text });

describe("findContracts", () => {
  it("finds what a project exports, however it is laid out", () => {
    const found = findContracts([
      source(
        "contracts.ts",
        'export const orderCreated = defineEvent("order.created", { topic: "orders.fifo" });',
      ),
      source(
        "a/b.ts",
        "export const orderPaid: Contract =\n  defineEvent(\n    'order.paid',\n    definition);",
      ),
    ]);

    expect(found).toEqual([
      { type: "order.created", binding: "orderCreated", path: "contracts.ts", topic: "orders.fifo" },
      { type: "order.paid", binding: "orderPaid", path: "a/b.ts", topic: undefined },
    ]);
  });

  it.each([
    ["a test's own", source("test/a.test.ts", 'export const a = defineEvent("a.b", {});')],
    ["one in a comment", source("a.ts", ' * export const a = defineEvent("a.b", {});')],
    ["one that is not exported", source("a.ts", 'const a = defineEvent("a.b", {});')],
  ])("passes over %s", (_, file) => {
    expect(findContracts([file])).toEqual([]);
  });
});

describe("findContract", () => {
  it("refuses to choose between two of one type, and names both", () => {
    const text = 'export const orderCreated = defineEvent("order.created", {});';
    const found = findContracts([source("v1.ts", text), source("v2.ts", text)]);

    expect(() => findContract(found, "order.created")).toThrow(
      "order.created is defined 2 times: v1.ts (orderCreated), v2.ts (orderCreated); say which file is meant with --contract",
    );
    expect(findContract(found, "order.paid")).toBeUndefined();
  });
});
