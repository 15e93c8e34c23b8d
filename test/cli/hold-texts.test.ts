import { describe, expect, it } from "@jest/globals";
import { heldText, refuseRealCloud, untilText } from "../../cli/commands/hold-words.ts";
import { statusText } from "../../cli/commands/status.ts";
import { redraw } from "../../cli/redraw.ts";
import type { BusStatus, ConsumerStatus } from "../../ops/holds/index.ts";
import { systemClock } from "../../src/clock.ts";

const nowMs = Date.UTC(2026, 0, 1, 12);
const clock = { ...systemClock, nowMs: () => nowMs };
const ago = (seconds: number) => nowMs - seconds * 1_000;
const one = (some: Partial<ConsumerStatus>): ConsumerStatus => ({
  bus: "shop",
  consumer: "Charge",
  fifo: false,
  state: "running",
  mapping: "Enabled",
  maximumConcurrency: 10,
  holds: [],
  probe: undefined,
  ramp: undefined,
  ...some,
});
const bus = (some: Partial<BusStatus>): BusStatus => ({
  bus: "shop",
  hasGovernor: true,
  problem: undefined,
  consumers: [],
  ...some,
});

describe("statusText", () => {
  it("tells each hold, for how long, why, and when it is probed", () => {
    const holds = [
      {
        name: "breaker:payments",
        sinceMs: ago(240),
        why: "payments is down: 503",
        by: "Charge",
        probe: { everyMs: 10_000, own: false },
      },
      { name: "manual", sinceMs: ago(45), why: "", by: "arn:aws:iam::1:user/ops" },
    ] as const;
    const probe = { atMs: ago(6), nextMs: nowMs + 4_000, verdict: "down", why: "503" } as const;

    const text = statusText(
      [
        bus({
          consumers: [
            one({ state: "held", mapping: "Disabled", holds, probe }),
            one({ consumer: "Points" }),
            one({ consumer: "Mail", state: "recovering", ramp: { step: 5 } }),
          ],
        }),
      ],
      clock,
    );

    expect(text.split("\n")).toEqual([
      "CONSUMER     STATE                   HELD BY           FOR    PROBE   WHY",
      "shop-Charge  held                    breaker:payments  4 min  in 4 s  payments is down: 503",
      "                                     manual            45 s           by arn:aws:iam::1:user/ops",
      "shop-Points  running",
      "shop-Mail    recovering (5 at once)",
    ]);
  });

  it("says that a probe found out nothing, and why", () => {
    const holds = [
      {
        name: "breaker:ledger",
        sinceMs: ago(10),
        why: "",
        by: "Charge",
        probe: { everyMs: 10_000, own: false },
      },
    ] as const;
    const probe = { atMs: ago(20), nextMs: ago(1), verdict: "unknown", why: "no message" } as const;

    expect(statusText([bus({ consumers: [one({ holds, probe })] })], clock)).toContain(
      "due (last: no message)",
    );
    expect(statusText([bus({ consumers: [one({ holds })] })], clock)).toContain("soon");
  });

  it("says where nobody governs, and what could not be read", () => {
    const text = statusText([bus({ hasGovernor: false, problem: "no table", consumers: [one({})] })], clock);

    expect(text).toContain("bus shop: what holds its consumers cannot be read: no table");
    expect(text).toContain("no governor is deployed (shop-governor)");
  });
});

describe("what pause and resume say", () => {
  const mapping = {
    uuid: "u",
    consumer: "Charge",
    queue: "shop-Charge",
    state: "Disabling",
    maximumConcurrency: 10,
    isProvisioned: false,
  };
  const until = (some: Partial<Parameters<typeof untilText>[0]>) =>
    untilText({
      arrived: true,
      mapping,
      hasGovernor: true,
      wanted: "closed",
      consumer: { bus: "shop" },
      ...some,
    });

  it("is how far the mapping is, and who sees to it", () => {
    expect(until({})).toBe("its mapping is closed");
    expect(until({ hasGovernor: false })).toContain(
      "no governor is deployed (shop-governor): the mapping was told from here, and a deployment may open it again",
    );
    expect(until({ arrived: false })).toBe(
      "its mapping is Disabling still; what it hands out goes back unrun: bus status tells when it is closed, shop-governor's log why not",
    );
    expect(until({ mapping: undefined })).toBe("no mapping reads its queue");
  });

  it("waits for no mapping where a schedule drains it", () => {
    const drained = { mapping: undefined, consumer: { bus: "shop", drained: true } } as const;

    expect(until(drained)).toContain("a run that is at work starts nothing more");
    expect(until({ ...drained, wanted: "open" })).toContain("the next run, within a minute, goes on");
  });

  it("is who, since when and why", () => {
    const hold = { name: "manual", sinceMs: ago(90), why: "counting", by: "ops" } as const;

    expect(heldText(hold, clock)).toBe("for 90 s, by ops: counting");
  });

  it("is no to the real cloud, unless it is meant", () => {
    const target = { isRealCloud: true, identity: { account: "1", arn: "" } } as Parameters<
      typeof refuseRealCloud
    >[0];

    expect(() => refuseRealCloud(target, false)).toThrow("this is the real cloud, account 1");
    expect(() => refuseRealCloud(target, true)).not.toThrow();
    expect(() => refuseRealCloud({ ...target, isRealCloud: false }, false)).not.toThrow();
  });
});

describe("redraw", () => {
  it("draws over what it drew before on a screen, and prints elsewhere", () => {
    const drawn: string[] = [];
    const printed: string[] = [];
    const terminal = (screen: { columns: number } | undefined) => ({
      screen,
      draw: (text: string) => drawn.push(text),
      print: (text: string) => printed.push(text),
    });

    const show = redraw(terminal({ columns: 6 }), true);
    show("longer line\nb");
    show("c");
    redraw(terminal(undefined), true)("plain");
    redraw(terminal({ columns: 80 }), false)("once");

    expect(drawn).toEqual(["\u001b[2Klonge\n\u001b[2Kb\n\u001b[J", "\u001b[2A\u001b[2Kc\n\u001b[J"]);
    expect(printed).toEqual(["plain\n", "once"]);
  });
});
