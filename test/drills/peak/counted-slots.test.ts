import { describe, expect, it } from "@jest/globals";
import { countedSlots } from "../../../drills/peak/counted-slots.ts";
import { virtualClock } from "../../../local/testing/index.ts";
import { createLimiter, inMemoryLimits, limit } from "../../../src/limits/index.ts";

describe("countedSlots", () => {
  it("counts the starts that a limit gives, and those that it takes back", async () => {
    const clock = virtualClock();
    const { store, counts } = countedSlots(inMemoryLimits({ clock }));
    const limiter = createLimiter({ limits: [limit("back-end", { rate: "50/s" })], store, clock });
    const events = Array.from({ length: 10 }, (_, index) => ({
      id: `${index}`,
      source: "/test",
      type: "order.placed",
      data: {},
    }));

    const { keep } = await limiter.reserve(events);
    expect(counts()).toEqual({ given: 10, returned: 0 });
    await keep(4);

    expect(counts()).toEqual({ given: 10, returned: 6 });
  });
});
