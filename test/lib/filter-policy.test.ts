import { describe, expect, it } from "@jest/globals";
import { countCombinations, filterPolicy } from "../../lib/filter-policy.ts";
import { orderPaid, orderPlaced } from "../helpers/stacks.ts";

describe("filterPolicy", () => {
  it("asks for the contracts' types, each once", () => {
    expect(filterPolicy([orderPlaced, orderPaid, orderPlaced])).toEqual({
      type: ["order.placed", "order.paid"],
    });
  });

  it("compares numbers as numbers", () => {
    expect(filterPolicy([orderPlaced], { cents: [300], country: ["de"] })).toEqual({
      type: ["order.placed"],
      cents: [{ numeric: ["=", 300] }],
      country: ["de"],
    });
  });

  it("leaves out what is not asked for", () => {
    expect(filterPolicy([orderPlaced], { country: undefined })).toEqual({ type: ["order.placed"] });
  });
});

describe("countCombinations", () => {
  it("multiplies the rules", () => {
    expect(countCombinations({ type: ["a", "b"], country: ["c", "d", "e"] })).toBe(6);
  });
});
