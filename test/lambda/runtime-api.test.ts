import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { openRuntimeApi, type RuntimeApi } from "../../local/lambda/runtime-api.ts";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:f";

describe("openRuntimeApi", () => {
  let api: RuntimeApi;
  afterEach(() => api.close());
  const url = (path: string) => `http://${api.address}/2018-06-01/runtime/${path}`;
  /** It waits there until the test ends. */
  const asksNext = () => fetch(url("invocation/next")).catch(() => {});
  const post = (path: string, body: string) => fetch(url(path), { method: "POST", body });
  const offer = () => api.offer({ requestId: "r-1", payload: '{"n":1}', deadlineMs: 1_767_225_600_000 });

  it("hands out an invocation with Lambda's headers, and takes the response", async () => {
    api = await openRuntimeApi(arn);
    const asked = fetch(url("invocation/next"));
    expect(await api.ready).toBeUndefined();
    const answer = offer();

    const next = await asked;
    expect(await next.text()).toBe('{"n":1}');
    expect(Object.fromEntries(next.headers)).toMatchObject({
      "lambda-runtime-aws-request-id": "r-1",
      "lambda-runtime-deadline-ms": "1767225600000",
      "lambda-runtime-invoked-function-arn": arn,
      "lambda-runtime-trace-id": expect.stringMatching(/^Root=1-/),
    });
    const accepted = await post("invocation/r-1/response", '"fine"');

    const settled = jest.fn();
    void answer.then(settled);

    expect(accepted.status).toBe(202);
    expect(settled).not.toHaveBeenCalled();
    void asksNext();
    expect(await answer).toEqual({ status: "ok", payload: '"fine"' });
  });

  it("takes an error, and hands out what was offered before the runtime asked", async () => {
    api = await openRuntimeApi(arn);
    const answer = offer();
    await (await fetch(url("invocation/next"))).text();

    const accepted = await post("invocation/r-1/error", '{"errorType":"X"}');

    expect(accepted.status).toBe(202);
    void asksNext();
    expect(await answer).toEqual({ status: "error", kind: "thrown", payload: '{"errorType":"X"}' });
  });

  it("lets an error overrule the answer, until the runtime asks for the next one", async () => {
    api = await openRuntimeApi(arn);
    const answer = offer();
    await (await fetch(url("invocation/next"))).text();
    await post("invocation/r-1/response", '"fine"');
    expect(api.posted()).toEqual({ status: "ok", payload: '"fine"' });

    await post("invocation/r-1/error", '{"errorType":"X"}');
    expect(api.posted()).toMatchObject({ payload: '{"errorType":"X"}' });
    void asksNext();

    expect(await answer).toMatchObject({ status: "error", payload: '{"errorType":"X"}' });
    expect(api.posted()).toBeUndefined();
    expect((await post("invocation/r-1/error", "{}")).status).toBe(400);
  });

  it("takes an error of the start", async () => {
    api = await openRuntimeApi(arn);

    const accepted = await post("init/error", '{"errorType":"Runtime.ImportModuleError"}');

    expect(accepted.status).toBe(202);
    expect(await api.ready).toBe('{"errorType":"Runtime.ImportModuleError"}');
  });

  it("refuses an answer to something that was not asked, and paths it does not know", async () => {
    api = await openRuntimeApi(arn);
    void offer();
    await (await fetch(url("invocation/next"))).text();

    expect((await post("invocation/r-2/response", "1")).status).toBe(400);
    expect((await post("invocation/r-1/response", "1")).status).toBe(202);
    expect((await post("invocation/r-1/response", "1")).status).toBe(400);
    expect((await fetch(url("nothing"))).status).toBe(400);
  });
});
