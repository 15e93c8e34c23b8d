import { describe, expect, it } from "@jest/globals";
import { functionFolder } from "../helpers/function-folder.ts";
import { hostRig } from "../helpers/function-host-rig.ts";

const code = { "index.mjs": "export const handler = async () => 'done';" };

describe("createFunctionHost", () => {
  it("answers for a function that is not there as Lambda does", async () => {
    const { host } = hostRig();

    const result = await host.invoke("missing", "{}");

    expect(result).toMatchObject({ status: "error", kind: "init" });
    expect((result as { payload: string }).payload).toContain(
      "Function not found: arn:aws:lambda:eu-west-1:123456789012:function:missing",
    );
    expect(() => host.stats("missing")).toThrow(/there is no function "missing"/);
  });

  it("refuses a payload over 6 MB without running the function", async () => {
    const { host } = hostRig();
    const spec = functionFolder(code);
    host.define(spec);

    const result = await host.invoke(spec.name, JSON.stringify("x".repeat(6 * 1024 * 1024)));

    expect((result as { payload: string }).payload).toContain("RequestEntityTooLargeException");
    expect(host.stats(spec.name).environments).toBe(0);
  });

  it("refuses a runtime that it cannot run", () => {
    const { host } = hostRig();

    expect(() => host.define(functionFolder(code, { runtime: "java21" }))).toThrow(
      /"java21".*nodejs.*python/,
    );
  });

  it("lists what is defined, and forgets what is removed", async () => {
    const { host } = hostRig();
    const spec = functionFolder(code);
    host.define(spec);
    await host.invoke(spec.name, "{}");

    expect(host.specs()).toEqual([spec]);
    host.remove(spec.name);

    expect(host.specs()).toEqual([]);
    expect(await host.invoke(spec.name, "{}")).toMatchObject({ status: "error", kind: "init" });
  });

  it("takes the reserved concurrency of the spec, and changes of it", async () => {
    const { host } = hostRig();
    const spec = functionFolder(code, { reservedConcurrency: 0 });
    host.define(spec);

    expect(await host.invoke(spec.name, "{}")).toEqual({ status: "throttled" });
    host.setReservedConcurrency(spec.name, 1);
    expect(await host.invoke(spec.name, "{}")).toMatchObject({ status: "ok" });
    host.setReservedConcurrency(spec.name, undefined);
    expect(await host.invoke(spec.name, "{}")).toMatchObject({ status: "ok" });

    expect(host.stats(spec.name)).toEqual({
      running: 0,
      environments: 1,
      invocations: 2,
      errors: 0,
      throttles: 1,
    });
  });

  it("says how much of a function this machine runs at once", () => {
    expect(hostRig({ maxEnvironments: 3 }).host.capacity("any")).toBe(3);
    expect(hostRig().host.capacity("any")).toBe(4);
  });

  it("kills nothing where there are only threads", async () => {
    const { host } = hostRig();
    const spec = functionFolder(code);
    host.define(spec);
    await host.invoke(spec.name, "{}");

    expect(host.killOne()).toBeUndefined();
  });
});
