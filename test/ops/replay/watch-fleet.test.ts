import { describe, expect, it } from "@jest/globals";
import { startFleet, watchFleet } from "../../../ops/replay/index.ts";
import { cancelReplay } from "../../../src/replay/index.ts";
import { beginMs, fleetWorld } from "../../replay/fleet/fleet-world.ts";

async function watched() {
  const world = await fleetWorld();
  const { clock, store, makeFleet } = world;
  const job = await makeFleet({ fromMs: beginMs }, { perSecond: 20 });
  const seen: number[] = [];
  const watch = (signal = new AbortController().signal) =>
    watchFleet({ store, id: job.id, signal, clock, onProgress: ({ job }) => seen.push(job.counts.sent) });
  return { ...world, job, seen, watch };
}

describe("watchFleet", () => {
  it("tells how far a fleet is, until it is done", async () => {
    const { job, member, watch, clock, seen } = await watched();
    const ends: Promise<unknown>[] = [];

    await startFleet(async ({ replay, member: nth }) => void ends.push(member(replay, nth)), job);
    const end = await clock.until(watch());

    expect(ends).toHaveLength(4);
    expect(end.job).toMatchObject({ state: "done", counts: { sent: 144 } });
    expect(seen.toSorted((one, other) => one - other)).toEqual(seen);
    expect(new Set(seen).size).toBeGreaterThan(3);
  });

  it("gives up when nobody has come for longer than a failed member takes to come again", async () => {
    const { watch, clock } = await watched();
    const beganMs = clock.nowMs();

    const end = await clock.until(watch());

    expect(end).toMatchObject({ heldUntilMs: 0, job: { state: "stopped" } });
    expect(clock.nowMs() - beganMs).toBeGreaterThan(180_000);
  });

  it("ends when it is told to, and when the replay is cancelled", async () => {
    const { job, store, member, watch, clock } = await watched();
    const stop = new AbortController();
    const running = member(job.id, 0);
    clock.after(3_000, () => stop.abort());
    const left = await clock.until(watch(stop.signal));
    clock.after(3_000, () => void cancelReplay(store, job.id));

    const ended = await clock.until(watch());

    expect([left.job.state, ended.job.state]).toEqual(["running", "cancelled"]);
    expect(await clock.until(running)).toBe("cancelled");
  });

  it("says so where there is no such replay", async () => {
    const { store, clock } = await watched();
    const signal = new AbortController().signal;

    await expect(watchFleet({ store, id: "nope", signal, clock, onProgress: () => {} })).rejects.toThrow(
      "nope",
    );
  });
});
