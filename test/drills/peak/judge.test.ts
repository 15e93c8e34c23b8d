import { describe, expect, it } from "@jest/globals";
import { createBookings } from "../../../drills/peak/bookings.ts";
import { type Evidence, judge } from "../../../drills/peak/judge.ts";

const limit = 500;

/** What a back end saw of so many orders: few at first, as the mapping grows, then evenly. */
function booked(orders: number, spacingMs: number, { again = 0, growsFor = 500 } = {}) {
  const bookings = createBookings(limit);
  bookings.begin(1_000);
  let atMs = 1_100;
  for (let order = 0; order < orders; order++) {
    atMs += order < growsFor ? 3 * spacingMs : spacingMs;
    bookings.book(order, atMs);
  }
  for (let order = 0; order < again; order++) bookings.book(order, atMs + order * spacingMs);
  return bookings.report();
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    published: 10_000,
    publishSeconds: 2,
    limit,
    paceMs: 2.05,
    bookings: booked(10_000, 2.05),
    dead: 0,
    plannedDrainSeconds: 22.5,
    ...change,
  };
}

describe("the judge of the peak drill", () => {
  it("passes what kept the rate, used it while it was full, and was planned", () => {
    const result = judge(evidence());

    expect(result).toMatchObject({ pass: true, handled: 10_000, lost: 0, again: 0, findings: [] });
    expect(result.meanWhenFull).toBeCloseTo(1_000 / 2.05, 0);
    expect(result.drainSeconds).toBeCloseTo(22.65, 1);
  });

  it("does not take the growth before for a rate that lies idle, and takes a pause after it for one", () => {
    expect(judge(evidence({ bookings: booked(10_000, 2.05, { growsFor: 2_000 }) })).meanWhenFull).toBeCloseTo(
      1_000 / 2.05,
      0,
    );
    const paused = booked(10_000, 2.05);
    const atMs = paused.atMs.map((at, index) => (index > 6_000 ? at + 2_000 : at));

    expect(judge(evidence({ bookings: { ...paused, atMs } })).findings.join()).toMatch(/when full: 4[34]\d/);
  });

  it("tells where the starts went: given back, passed unused, and never asked for", () => {
    const bookings = { ...booked(10_000, 2.05), slots: { given: 10_300, returned: 100 } };

    const { starts } = judge(evidence({ bookings }));

    // The growth took three times as long for each of 500 orders: 1,000 starts more than were used, of which 200 passed.
    expect(starts).toEqual({ given: 10_300, returned: 100, passed: 200, unasked: expect.any(Number) });
    expect(Math.abs(starts.unasked - 800)).toBeLessThanOrEqual(3);
  });

  it.each([
    ["an order that was lost", { published: 10_001 }, /orders lost: 1/],
    ["an order booked twice", { bookings: booked(10_000, 2.05, { again: 1 }) }, /orders booked again: 1,/],
    ["a dead letter", { dead: 1 }, /dead letters: 1/],
    ["a second with one too many", { bookings: booked(10_000, 1.99) }, /in one second: 50[1-9]/],
    ["a rate that lies idle", { bookings: booked(10_000, 2.2) }, /when full: 0/],
    ["a plan that is off", { plannedDrainSeconds: 27 }, /27 s were planned/],
    ["a run that booked nothing", { bookings: createBookings(limit).report() }, /orders lost: 10000/],
    ["no peak", { publishSeconds: 19 }, /not exercised/],
  ])("fails %s", (_, change, finding) => {
    const result = judge(evidence(change));

    expect(result.pass).toBe(false);
    expect(result.findings.join("\n")).toMatch(finding);
  });
});
