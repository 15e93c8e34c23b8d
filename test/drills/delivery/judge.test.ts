import { describe, expect, it } from "@jest/globals";
import { type Evidence, judge } from "../../../drills/delivery/judge.ts";

/** Ten orders; 0 to 2 have one CD, and are no parcel. */
const published = Array.from({ length: 10 }, (_, nth) => ({
  orderId: `o${nth}`,
  cds: nth < 3 ? 1 : 2,
  cents: 100 + nth,
}));
const without = (...ids: readonly string[]) => published.filter(({ orderId }) => !ids.includes(orderId));
const parcels = (...ids: readonly string[]) => without("o0", "o1", "o2", ...ids);
const archived = without("o9").map(({ orderId }) => orderId);
const missing = (class_: string, ...ids: readonly string[]) =>
  ids.map((orderId) => ({ class: class_, orderId }));
const notArchived = missing("missing-left", "o9");

/** Points lost o1 and o4, Stock o2, Logistics o5; o9 was handled and not archived. */
const good: Evidence = {
  published,
  before: {
    effects: { Points: without("o1", "o4"), Stock: without("o2"), Logistics: parcels("o5") },
    archived,
  },
  after: { effects: { Points: published, Stock: published, Logistics: parcels() }, archived },
  found: {
    Points: [...missing("missing-right", "o1", "o4"), ...notArchived],
    Stock: [...missing("missing-right", "o2"), ...notArchived],
    Logistics: [...missing("missing-right", "o5"), ...notArchived],
  },
  foundLater: { Points: notArchived, Stock: notArchived, Logistics: notArchived },
  sent: 4,
  repeated: 0,
};
const found = (more: Partial<Evidence["found"]>) => ({ found: { ...good.found, ...more } });
const earlier = (more: Partial<Evidence["before"]["effects"]>) => ({
  before: { ...good.before, effects: { ...good.before.effects, ...more } },
});
const later = (more: Partial<Evidence["after"]["effects"]>) => ({
  after: { ...good.after, effects: { ...good.after.effects, ...more } },
});

describe("judge of delivery", () => {
  it("passes when what was lost was found, each in its class, and came to its consumer alone", () => {
    expect(judge(good)).toEqual({
      published: 10,
      archived: 9,
      gaps: { Points: 2, Stock: 1, Logistics: 1 },
      found: 7,
      missed: 0,
      falseAlarms: 0,
      misclassified: 0,
      sent: 4,
      strays: 0,
      left: 0,
      totalsAgree: true,
      foundAgain: 0,
      pass: true,
      findings: [],
    });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ["one was not found", found({ Stock: notArchived }), "lost and not found: 1"],
    [
      "one was found that was not lost",
      found({ Stock: [...good.found.Stock, ...missing("missing-right", "o7")] }),
      "false alarms: 1",
    ],
    [
      "one was found that it was not to get",
      found({ Logistics: [...good.found.Logistics, ...missing("missing-right", "o0")] }),
      "false alarms: 1",
    ],
    ["one is there twice", found({ Stock: [...good.found.Stock, ...notArchived] }), "false alarms: 1"],
    [
      "a class is wrong",
      found({ Stock: [...missing("missing-left", "o2"), ...notArchived] }),
      "of a wrong class: 1",
    ],
    ["one was sent too often", { sent: 5 }, "sent again: 5, and must be 4"],
    ["one is lost still", later({ Points: without("o4") }), "missing at the end: 1"],
    ["a consumer got what is not for it", later({ Logistics: parcels().concat(without("o9")) }), "strays: 3"],
    ["an event was published anew", { after: { ...good.after, archived: [...archived, "o1"] } }, "strays: 1"],
    ["a consumer got what it had", { repeated: 1 }, "strays: 1"],
    [
      "an effect is of another amount",
      later({ Stock: published.map((order) => ({ ...order, cents: 1 })) }),
      "do not add up",
    ],
    ["an effect is there twice", later({ Stock: [...published, ...published.slice(0, 1)] }), "do not add up"],
    [
      "another run finds one",
      { foundLater: { ...good.foundLater, Stock: missing("missing-right", "o2") } },
      "found by another run: 1",
    ],
    [
      "another run finds one that the archive lacks, and it was not known",
      { foundLater: { ...good.foundLater, Stock: missing("missing-left", "o3") } },
      "found by another run: 1",
    ],
    ["a consumer lost nothing", earlier({ Stock: published }), "not exercised: Stock has lost nothing"],
    [
      "the archive has all",
      { before: { ...good.before, archived: [...archived, "o9"] } },
      "not exercised: the archive has all that Points has handled",
    ],
  ])("fails when %s", (_, more, finding) => {
    const { pass, findings } = judge({ ...good, ...more });

    expect(pass).toBe(false);
    expect(findings.join("\n")).toContain(finding);
  });
});
