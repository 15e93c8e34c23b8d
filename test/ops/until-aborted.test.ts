import { describe, expect, it } from "@jest/globals";
import { untilAborted } from "../../ops/index.ts";

describe("untilAborted", () => {
  it("settles as the work does", async () => {
    const { signal } = new AbortController();

    await expect(untilAborted(Promise.resolve(5), signal)).resolves.toBe(5);
    await expect(untilAborted(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  it("answers undefined at once when it is aborted before or meanwhile, and hears no late error", async () => {
    const controller = new AbortController();
    const work = Promise.withResolvers<number>();

    const waiting = untilAborted(work.promise, controller.signal);
    controller.abort();

    await expect(waiting).resolves.toBeUndefined();
    await expect(untilAborted(work.promise, controller.signal)).resolves.toBeUndefined();
    work.reject(new Error("too late"));
  });
});
