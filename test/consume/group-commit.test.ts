import { describe, expect, it } from "@jest/globals";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { groupCommit } from "../../src/consume/group-commit.ts";

function world(write = async (items: readonly number[]) => items.map((item) => item * 2)) {
  const clock = virtualClock();
  const groups: (readonly number[])[] = [];
  const group = groupCommit<number, number>({
    clock,
    write: (items) => {
      groups.push(items);
      return write(items);
    },
  });
  return { clock, groups, group };
}

describe("groupCommit", () => {
  it("writes when ten wait", async () => {
    const { groups, group } = world();

    const results = await Promise.all(Array.from({ length: 10 }, (_, item) => group.add(item)));

    expect(groups).toHaveLength(1);
    expect(results[9]).toBe(18);
  });

  it("writes what waits after 50 ms", async () => {
    const { clock, groups, group } = world();
    const one = group.add(1);

    await clock.advance(49);
    expect(groups).toEqual([]);
    await clock.advance(1);

    expect(await one).toBe(2);
  });

  it("writes at once on flush, and flush waits for all writes", async () => {
    const { clock, groups, group } = world(async (items) => {
      await new Promise<void>((resolve) => clock.after(100, resolve));
      return items.map(() => 0);
    });
    let flushed = false;
    group.add(1);
    const flush = group.flush().then(() => {
      flushed = true;
    });

    await clock.advance(99);
    expect([groups.length, flushed]).toEqual([1, false]);
    await clock.advance(1);

    await flush;
    expect(clock.pending).toBe(0);
  });

  it("rejects each of a group whose write failed, and flush does not reject", async () => {
    const { group } = world(async () => {
      throw new Error("down");
    });
    const both = Promise.allSettled([group.add(1), group.add(2)]);

    await group.flush();

    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
