import { describe, expect, it } from "@jest/globals";
import { createReloader } from "../../cli/reloader.ts";

describe("createReloader", () => {
  it("reloads once more for all changes that came during a reload", async () => {
    let reloads = 0;
    const gate = Promise.withResolvers<string[]>();
    const reloader = createReloader({
      reload: () => {
        reloads += 1;
        return reloads === 1 ? gate.promise : Promise.resolve([]);
      },
      say: () => {},
    });

    reloader.changed();
    reloader.changed();
    reloader.changed();
    expect(reloads).toBe(1);
    gate.resolve([]);
    await reloader.idle();

    expect(reloads).toBe(2);
  });

  it("says why a reload failed, and reloads at the next change", async () => {
    const said: string[] = [];
    let fail = true;
    const reloader = createReloader({
      reload: async () => {
        if (fail) throw new Error("stack.ts: missing brace");
        return ["shop-Points"];
      },
      say: (text) => said.push(text),
    });

    reloader.changed();
    await reloader.idle();
    fail = false;
    reloader.changed();
    await reloader.idle();

    expect(said).toContain("not reloaded, the last good version goes on: stack.ts: missing brace");
    expect(said.at(-1)).toBe("reloaded: shop-Points");
  });
});
