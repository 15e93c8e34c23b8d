import { describe, expect, it } from "@jest/globals";
import { failureWindow } from "../../src/breaker/failure-window.ts";

const make = () => failureWindow({ failures: 5, windowMs: 30_000 });
const startMs = Date.UTC(2026, 0, 1);

/** Lets handlers end one after the other, `everyMs` apart; answers the verdict of each. */
function run(window: ReturnType<typeof make>, ends: readonly string[], everyMs = 10): readonly boolean[] {
  return ends.map((end, index) =>
    end === "ok" ? window.ended(startMs + index * everyMs) : window.ended(startMs + index * everyMs, end),
  );
}

const times = (count: number, end: string) => Array.from({ length: count }, () => end);

describe("failureWindow", () => {
  it("takes a dependency for down at the last of so many failures, and not at the one before", () => {
    expect(run(make(), times(5, "payments"))).toEqual([false, false, false, false, true]);
  });

  it("does not where fewer than half of all ends were by it", () => {
    expect(run(make(), [...times(6, "ok"), ...times(5, "payments")]).at(-1)).toBe(false);
    expect(run(make(), [...times(5, "ok"), ...times(5, "payments")]).at(-1)).toBe(true);
  });

  it("counts each dependency for itself", () => {
    const mixed = ["payments", "stock", "payments", "stock", "payments", "stock", "payments", "stock"];

    expect(run(make(), mixed)).not.toContain(true);
    expect(run(make(), [...mixed, "payments"]).at(-1)).toBe(true);
  });

  it("forgets what is older than the window", () => {
    const window = make();
    run(window, times(4, "payments"));

    expect(window.ended(startMs + 30_000, "payments")).toBe(false);
    expect(run(make(), times(5, "payments"), 7_000).at(-1)).toBe(true);
    expect(run(make(), times(9, "payments"), 7_600)).not.toContain(true);
  });

  it("begins anew when it is cleared", () => {
    const window = make();
    run(window, times(5, "payments"));

    window.clear();

    expect(run(window, times(5, "payments"))).toEqual([false, false, false, false, true]);
  });
});
