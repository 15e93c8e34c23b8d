import { describe, expect, it } from "@jest/globals";
import { runBus } from "../../helpers/run-bus.ts";

describe("bus drill peak", () => {
  it("has every order of a burst booked once, in a cloud on this machine", async () => {
    const { ended, written } = runBus(["drill", "peak", "--events", "1500", "--json"]);

    await ended;

    const result = JSON.parse(written.out.trimEnd().split("\n").at(-1) ?? "");
    // How even its seconds are is up to who else is at work on this machine: the drill itself judges that.
    expect(result).toMatchObject({ published: 1_500, handled: 1_500, lost: 0, dead: 0, limit: 500 });
    expect(result.plannedDrainSeconds).toBeGreaterThan(3);
    expect(result.drainSeconds).toBeGreaterThan(2.9);
  }, 120_000);
});
