import { describe, expect, it } from "@jest/globals";
import { type MemberCall, readMemberCall, replayer } from "../../../src/replay/index.ts";
import { beginMs, fleetWorld } from "./fleet-world.ts";

const minuteMs = 60_000;
const invocation = (call: MemberCall) => ({ omnibus: { v: 1, do: "replay", ...call } });

/** A function that is called again as it asks for, by as many as call it. */
async function deployed() {
  const world = await fleetWorld();
  const { settings, parts, limits, clock } = world;
  const calls: MemberCall[] = [];
  const lines: string[] = [];
  const ends: string[] = [];
  const handler = replayer(settings, {
    ...parts,
    limits,
    sink: (line) => lines.push(line),
    callMember: async (call) => {
      calls.push(call);
      void invoke(call);
    },
  });
  const invoke = async (call: MemberCall) => {
    const endsMs = clock.nowMs() + minuteMs;
    const { end } = await handler(invocation(call), {
      getRemainingTimeInMillis: () => endsMs - clock.nowMs(),
    });
    expect(clock.nowMs()).toBeLessThan(endsMs - 10_000);
    ends.push(end);
  };
  return { ...world, calls, lines, ends, invoke, handler };
}

describe("replayer", () => {
  it("goes on in another invocation before its time is over, until all is sent", async () => {
    const { makeFleet, invoke, clock, calls, ends, lines, ids, all, state } = await deployed();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 1 }, { members: 2, fewest: 30 });

    for (const member of [0, 1]) void invoke({ replay: id, member });
    await clock.advance(10 * minuteMs);

    expect(ids().toSorted()).toEqual(all);
    expect((await state(id)).job.state).toBe("done");
    expect(calls.length).toBeGreaterThanOrEqual(4);
    expect(ends).toHaveLength(calls.length + 2);
    expect(ends.filter((end) => end === "stopped")).toHaveLength(calls.length);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ message: "replayed", replay: id, end: "done" });
  });

  it("calls nobody when there is nothing left to do", async () => {
    const { makeFleet, handler, clock, calls } = await deployed();
    const { id } = await makeFleet({ fromMs: beginMs }, { perSecond: 100 });

    const answer = await clock.until(
      handler(invocation({ replay: id, member: 0 }), { getRemainingTimeInMillis: () => minuteMs }),
    );

    expect([answer, calls]).toEqual([{ replay: id, member: 0, end: "done" }, []]);
  });
});

describe("readMemberCall", () => {
  it.each([
    undefined,
    {},
    { omnibus: { v: 2, do: "replay", replay: "r", member: 0 } },
    { omnibus: { v: 1 } },
  ])("refuses %j, and says what is known", (payload) => {
    expect(() => readMemberCall(payload)).toThrow('"do": "replay"');
  });

  it("reads what a fleet is called with", () => {
    expect(readMemberCall(invocation({ replay: "r", member: 3 }))).toEqual({ replay: "r", member: 3 });
  });
});
