import { describe, expect, it } from "@jest/globals";
import type { Stack } from "aws-cdk-lib/core";
import { Consumer, type ConsumerProps } from "../../lib/index.ts";
import { aBus, aStack, entry, orderPlaced } from "../helpers/stacks.ts";

function make(props: Partial<ConsumerProps>, stack: Stack = aStack()): Consumer {
  return new Consumer(stack, "LockStock", { bus: aBus(stack), on: [orderPlaced], entry, ...props });
}

describe("guards, for values that types alone do not keep out", () => {
  it.each([
    ["no rule", { country: [] }],
    ["a text in the place of a list", { country: "de" }],
    ["null in the place of a list", { country: null }],
    ["null for a rule", { country: [null] }],
    ["a list for a rule", { country: [["de"]] }],
    ["a rule that says nothing", { country: [{}] }],
    ["two rules in one", { country: [{ prefix: "a", suffix: "b" }] }],
    ["no number to compare with", { cents: [{ numeric: [] }] }],
    ["a number that is none", { cents: [Number.NaN] }],
  ])("filter-policy fires on %s, which SNS would refuse or let everything through by", (_, where) => {
    expect(() => make({ where: where as never })).toThrow("[filter-policy]");
  });

  it("filter-policy keeps quiet on every kind of rule", () => {
    const rules = ["de", { prefix: "a" }, { "anything-but": ["fr"] }, { exists: false }];

    expect(() =>
      make({ where: { country: rules, cents: [300, { numeric: [">", 1, "<", 5] }] } as never }),
    ).not.toThrow();
  });

  it.each([0, -1, Number.NaN])("batch-payload fires on messages of %s bytes", (maxMessageBytes) => {
    expect(() => make({ maxMessageBytes })).toThrow(`maxMessageBytes is ${maxMessageBytes}`);
  });
});
