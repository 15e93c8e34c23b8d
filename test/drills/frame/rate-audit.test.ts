import { describe, expect, it } from "@jest/globals";
import { createRateAudit } from "../../../drills/frame/rate-audit.ts";

describe("createRateAudit", () => {
  it("counts a call on the edge of a half-open second in the next one", () => {
    const audit = createRateAudit(50);

    for (let call = 0; call <= 50; call++) audit.take(call * 20);

    expect(audit.report()).toMatchObject({ calls: 51, over: 0, maxInAnySecond: 50 });
  });

  it("counts each call that is one too many in any second, wherever it begins", () => {
    const audit = createRateAudit(50);

    const early = Array.from({ length: 50 }, (_, index) => audit.take(700 + index));
    const late = [audit.take(1_699), audit.take(1_700), audit.take(1_751)];

    expect(early.some((isOver) => isOver)).toBe(false);
    expect(late).toEqual([true, true, false]);
    expect(audit.report()).toMatchObject({ over: 2, maxInAnySecond: 51 });
  });
});
