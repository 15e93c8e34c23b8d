import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { sleep } from "../../src/clock.ts";
import { createLimiter, inMemoryLimits, type LimitedEvent, limit } from "../../src/limits/index.ts";

const event = (id: string, subject?: string): LimitedEvent => ({
  id,
  source: "/test",
  type: "t.happened",
  data: {},
  ...(subject === undefined ? {} : { subject }),
});
const some = (count: number) => Array.from({ length: count }, (_, index) => event(`${index}`));

function world(limits = [limit("partner", { rate: "10/s", horizonMs: 1_000 })]) {
  const clock = virtualClock();
  const store = inMemoryLimits({ clock });
  return { clock, store, limiter: createLimiter({ limits, store, clock }) };
}

describe("createLimiter", () => {
  it("reserves what fits into the horizon, and says when to ask again for the rest", async () => {
    const { clock, limiter } = world();

    const { places } = await limiter.reserve(some(14));

    const slots = places.filter((place) => place.status === "slot");
    const later = places.filter((place) => place.status === "later");
    expect(slots).toHaveLength(9);
    expect(later).toHaveLength(5);
    expect(later.every((place) => place.status === "later" && place.atMs >= clock.nowMs())).toBe(true);
  });

  it("waits for a slot's own time, and gives up one that has passed", async () => {
    const { clock, limiter } = world();
    const { places } = await limiter.reserve(some(3));
    const [first, second, third] = places.map((place) => {
      if (place.status !== "slot") throw new Error("expected a slot");
      return place.slot;
    });

    expect(await clock.until(first?.wait() ?? Promise.reject())).toBe("start");
    expect(await clock.until(second?.wait() ?? Promise.reject())).toBe("start");
    expect(clock.nowMs()).toBe(second?.startMs);
    await clock.advance(500);
    expect(await third?.wait()).toBe("late");
    expect(await third?.wait()).toBe("aborted");
  });

  it("gives unused slots back, and does not use them afterwards", async () => {
    const { clock, limiter } = world();
    const reservation = await limiter.reserve(some(9));
    await reservation.close();

    const [place] = reservation.places;
    expect(place?.status === "slot" && (await place.slot.wait())).toBe("aborted");
    const again = await limiter.reserve(some(9));
    const [first] = again.places;
    expect(first?.status === "slot" && first.slot.startMs - clock.nowMs()).toBeLessThan(50);
  });

  it("gives each key its own rate", async () => {
    const perTenant = limit("tenant", {
      rate: "2/s",
      horizonMs: 1_100,
      key: (one) => one.subject ?? "none",
    });
    const { limiter } = world([perTenant]);

    const { places } = await limiter.reserve([
      event("1", "a"),
      event("2", "a"),
      event("3", "a"),
      event("4", "b"),
    ]);

    expect(places.map((place) => place.status)).toEqual(["slot", "slot", "later", "slot"]);
  });

  it("holds several limits at once, a quota among them, and spends none when one is spent", async () => {
    const clock = virtualClock({ startMs: Date.UTC(2026, 0, 1, 12) });
    const store = inMemoryLimits({ clock });
    const rate = limit("partner", { rate: "10/s" });
    const both = createLimiter({ limits: [rate, limit("daily", { quota: "3/day" })], store, clock });
    const alone = createLimiter({ limits: [rate], store, clock });

    const { places } = await both.reserve(some(5));
    const spent = await both.reserve(some(1));
    const { places: after } = await alone.reserve(some(1));

    expect(places.map((place) => place.status)).toEqual(["slot", "slot", "slot", "later", "later"]);
    expect(spent.places).toEqual([{ status: "later", atMs: Date.UTC(2026, 0, 2) }]);
    expect(after[0]?.status === "slot" && after[0].slot.startMs - clock.nowMs()).toBeLessThan(400);
  });

  it.each([-400, -150, 150, 400, 5_000])(
    "refuses by a clock that is %d ms off the store's",
    async (offsetMs) => {
      const clock = virtualClock();
      const off = { ...clock, nowMs: () => clock.nowMs() + offsetMs };
      const store = inMemoryLimits({ clock });
      const limiter = createLimiter({ limits: [limit("partner", { rate: "10/s" })], store, clock: off });

      const seen: unknown[] = [];
      for (let call = 0; call < 30; call++) {
        await limiter.reserve(some(1)).catch((error) => seen.push(error));
        await clock.until(sleep(clock, 99));
      }

      expect(seen[0]).toMatchObject({ code: "clock-skew", retryable: true });
    },
  );

  it("trusts a clock inside the bound, for as long as it likes", async () => {
    const clock = virtualClock();
    const off = { ...clock, nowMs: () => clock.nowMs() + 90 };
    const store = inMemoryLimits({ clock });
    const limiter = createLimiter({ limits: [limit("partner", { rate: "10/s" })], store, clock: off });

    for (let call = 0; call < 100; call++) {
      await limiter.reserve(some(1));
      await clock.until(sleep(clock, 137));
    }
  });
});

describe("limit", () => {
  it.each([
    [{ rate: "50/fortnight" }, /rate "50\/fortnight" is not allowed: write a whole number/],
    [{ rate: "0/s" }, /rate "0\/s"/],
    [{ rate: "1.5/s" }, /rate "1.5\/s"/],
    [{ rate: "-3/s" }, /rate "-3\/s"/],
    [{ rate: "1000/day" }, /rate "1000\/day" is not allowed.*s, min, h/],
    [{ quota: "5/s" }, /quota "5\/s" is not allowed.*min, h, day/],
    [{}, /neither rate nor quota/],
    [{ rate: "1/s", quota: "1/day" }, /both a rate and a quota/],
    [
      { rate: "5/min", key: () => "a" },
      /a start for each key every 12102 ms, and reserves 5000 ms ahead.*horizonMs at least 12102/,
    ],
    [{ rate: "1000/h", key: () => "a", horizonMs: 3_000 }, /every 3601 ms/],
    [{ rate: "5/s", horizonMs: 0 }, /horizonMs 0 is not allowed: give a whole number from 100/],
    [{ rate: "5/s", split: 6 }, /split 6 is not allowed: give a whole number from 1 to 5/],
    [{ rate: "500/s", split: 101 }, /split 101 is not allowed: give a whole number from 1 to 100/],
    [
      { rate: "9999999999/s" },
      /rate "9999999999\/s" would be kept in 10000000 items.*100 are the most: give a rate up to 100000\/s, or split/,
    ],
    [{ rate: "100001/s" }, /would be kept in 101 items/],
  ])("refuses %j with what is allowed", (options, message) => {
    expect(() => limit("partner", options)).toThrow(message);
  });

  it("takes the highest rates in a hundred items, and those above where that is said", () => {
    expect(limit("partner", { rate: "100000/s" })).toMatchObject({ parts: { length: 100 } });
    expect(limit("partner", { rate: "9999999999/s", split: 100 })).toMatchObject({ parts: { length: 100 } });
  });

  it("refuses a name that could not be read back", () => {
    expect(() => limit("Partner#1", { rate: "1/s" })).toThrow(/limit name "Partner#1"/);
  });

  it("refuses one name with two meanings, and takes the same one twice", () => {
    const { store } = world();
    const one = limit("partner", { rate: "50/s" });

    expect(() => createLimiter({ limits: [one, limit("partner", { rate: "60/s" })], store })).toThrow(
      /"partner" is declared twice, once as partner: rate 50\/s .*, once as partner: rate 60\/s/,
    );
    expect(() => createLimiter({ limits: [one, limit("partner", { rate: "50/s" })], store })).not.toThrow();
  });
});
