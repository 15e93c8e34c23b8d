import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { defaultKeepMs, minimumKeepMs } from "../../src/plan/index.ts";

const day = 86_400_000;
const usual = { queueMs: 4 * day, deadLetterMs: 14 * day, undeliveredMs: 14 * day };

describe("minimumKeepMs", () => {
  it("covers the longest way back: 23 + 14 + 4 + 14 + 4 days", () => {
    expect(minimumKeepMs(usual)).toBe(59 * day);
  });

  it("grows with every retention", () => {
    const days = fc.integer({ min: 1, max: 14 }).map((count) => count * day);
    fc.assert(
      fc.property(
        fc.record({ queueMs: days, deadLetterMs: days, undeliveredMs: days }),
        fc.constantFrom("queueMs", "deadLetterMs", "undeliveredMs"),
        (retentions, one) => {
          expect(minimumKeepMs({ ...retentions, [one]: retentions[one] + day })).toBeGreaterThan(
            minimumKeepMs(retentions),
          );
        },
      ),
    );
  });
});

describe("defaultKeepMs", () => {
  it("keeps a day longer than it must", () => {
    expect(defaultKeepMs(usual)).toBe(60 * day);
  });
});
