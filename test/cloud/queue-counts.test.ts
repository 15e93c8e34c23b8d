import { describe, expect, it } from "@jest/globals";
import { createQueueCounts } from "../../local/cloud/endpoint/queue-counts.ts";
import { systemClock } from "../../src/clock.ts";

describe("createQueueCounts", () => {
  it("sums up the last minute's full seconds, queue by queue, and forgets the rest", () => {
    let nowMs = 1_000_000;
    const counts = createQueueCounts({ ...systemClock, nowMs: () => nowMs });
    counts.sent("a", 5);
    counts.sent("b", 1);
    expect(counts.lately("a")).toEqual({ sent: 0, deleted: 0 });

    nowMs += 1_000;
    counts.sent("a", 2);
    counts.deleted("a", 3);
    nowMs += 1_000;
    expect(counts.lately("a")).toEqual({ sent: 7, deleted: 3 });
    expect(counts.lately("b")).toEqual({ sent: 1, deleted: 0 });
    expect(counts.lately("c")).toEqual({ sent: 0, deleted: 0 });

    nowMs += 59_000;
    expect(counts.lately("a")).toEqual({ sent: 2, deleted: 3 });
    nowMs += 1_000;
    expect(counts.lately("a")).toEqual({ sent: 0, deleted: 0 });
  });
});
