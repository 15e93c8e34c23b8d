import { describe, expect, it } from "@jest/globals";
import { mendedText, standingText } from "../../../cli/outbox-text.ts";
import { dropStanding, lookAtOutbox, releaseStanding } from "../../../ops/outbox/index.ts";
import type { StreamRecord } from "../../../src/outbox/index.ts";
import { outboxWorld, relaySettings } from "../../helpers/outbox-world.ts";

const { graceMs } = relaySettings;

/** An outbox in which something of each kind stands: a dead event, a parked key, a gap, a row whose topic is not there. */
async function standingWorld() {
  let isWell = false;
  const sick = ["order-1", "a-2"];
  const world = outboxWorld({
    onMessage: ({ id }) => {
      if (isWell) return undefined;
      if (id === "order-9") return { ok: false, code: "NotFound", message: "no topic", retryable: false };
      return sick.includes(id)
        ? { ok: false, code: "InvalidParameter", message: "no", retryable: false }
        : undefined;
    },
  });
  const records: StreamRecord[] = [await world.write(1), await world.write(2), await world.write(9)];
  for (const [account, steps] of [
    ["a", 3],
    ["b", 3],
    ["c", 1],
  ] as const) {
    for (let step = 1; step <= steps; step++) {
      const record = await world.move(account, step);
      if (record) records.push(record);
    }
  }
  const [, lost] = await world.store.line("b", 3);
  await world.store.remove(lost ? [lost.row.place] : []);
  await world.stream(records);
  await world.clock.advance(graceMs + 1);
  const look = () => lookAtOutbox(world.store, { graceMs, nowMs: world.clock.nowMs() });
  const heal = () => {
    isWell = true;
  };
  return { world, look, heal };
}

const briefly = (standing: Awaited<ReturnType<typeof lookAtOutbox>>) =>
  standing.map(({ kind, name, reason }) => `${kind} ${name} ${reason}`).sort();

describe("lookAtOutbox", () => {
  it("tells the dead, the parked, gaps and what is old, with their reasons, and nothing else", async () => {
    const { look, world } = await standingWorld();

    const standing = await look();

    expect(briefly(standing)).toEqual([
      "dead order-1 InvalidParameter",
      "gap b gap",
      "parked a InvalidParameter",
      "waits order-9 old",
    ]);
    const text = standingText(standing, world.clock.nowMs());
    expect(text).toContain("sequence 2 is missing, 3 is there");
    expect(text.split("\n")).toHaveLength(5);
  });
});

describe("releaseStanding", () => {
  it("has the dead and parked keys tried again, and leaves a gap unless it is to be skipped", async () => {
    const { look, heal, world } = await standingWorld();
    heal();

    const mended = await releaseStanding(world.store, await look(), { skipMissing: false });
    await world.sweep();

    expect(mended.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      ...["a released", "b left", "order-1 released", "order-9 left"],
    ]);
    expect(mendedText(mended)).toContain("--skip-missing");
    expect(briefly(await look())).toEqual(["gap b gap"]);
    expect(world.moved("a")).toEqual([1, 2, 3]);
    await releaseStanding(world.store, await look(), { skipMissing: true });
    await world.sweep();
    expect(world.moved("b")).toEqual([1, 3]);
    expect(await look()).toEqual([]);
    expect(world.store.waiting).toBe(0);
  });

  it("changes nothing that is not any more what was looked at", async () => {
    const { look, heal, world } = await standingWorld();
    heal();
    const before = await look();
    await releaseStanding(world.store, before, { skipMissing: true });
    await world.sweep();

    const mended = await releaseStanding(world.store, before, { skipMissing: true });

    expect(mended.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      ...["a changed", "b changed", "order-1 changed", "order-9 left"],
    ]);
    expect(await look()).toEqual([]);
  });
});

describe("dropStanding", () => {
  it("removes what cannot be sent for good, and lets its key go on", async () => {
    const { look, world } = await standingWorld();

    const mended = await dropStanding(world.store, await look());
    await world.sweep();

    expect(mended.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      ...["a dropped", "b left", "order-1 dropped", "order-9 left"],
    ]);
    expect(world.moved("a")).toEqual([1, 3]);
    expect(briefly(await look())).toEqual(["gap b gap", "waits order-9 old"]);
  });

  it("does not set a key back when the row that came behind later ones is dropped", async () => {
    const { look, world } = await standingWorld();
    const late = (await world.move("c", 2)) as StreamRecord;
    await world.stream([late]);
    world.store.transact([{ Put: { TableName: "shop-outbox", Item: late.dynamodb?.NewImage as never } }]);
    await world.stream([late]);
    const behind = (await look()).filter(({ name }) => name === "c");

    const mended = await dropStanding(world.store, behind);

    expect(behind.map(({ reason }) => reason)).toEqual(["behind"]);
    expect(mended.map(({ status }) => status)).toEqual(["dropped"]);
    expect(await world.store.head("c")).toEqual({ sent: 2 });
  });
});
