import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { functionFolder } from "../helpers/function-folder.ts";
import { hostRig } from "../helpers/function-host-rig.ts";
import { pythonTools } from "../helpers/python-tools.ts";

let python: string;
beforeAll(async () => {
  ({ python } = await pythonTools());
}, 240_000);

const code = {
  "app.py": `
import os, signal, sys, time
print("loading")
def handler(event, context):
    if event.get("bad"):
        raise ValueError("too far")
    if event.get("exit"):
        os._exit(7)
    if event.get("interrupted"):
        os.kill(os.getpid(), signal.SIGINT)
    if event.get("hang"):
        time.sleep(60)
    return {"n": event["n"] + 1, "id": context.aws_request_id, "name": context.function_name,
            "memory": context.memory_limit_in_mb, "left": context.get_remaining_time_in_millis(),
            "endpoint": os.environ["AWS_ENDPOINT_URL"], "cwd": os.getcwd()}
`,
};

describe("a Python function", () => {
  const start = (timeoutMs = 20_000) => {
    const rig = hostRig({ environments: "thread", python });
    const spec = functionFolder(code, { runtime: "python3.13", handler: "app.handler", timeoutMs });
    rig.host.define(spec);
    return { ...rig, spec };
  };

  it("runs through AWS's own runtime client", async () => {
    const { host, spec, line } = start();

    const result = await host.invoke(spec.name, '{"n":1}', { requestId: "r-1" });
    await line("loading");

    expect(result.status).toBe("ok");
    expect(JSON.parse((result as { payload: string }).payload)).toEqual({
      n: 2,
      id: "r-1",
      name: spec.name,
      memory: "128",
      left: expect.any(Number),
      endpoint: "http://127.0.0.1:4566",
      cwd: spec.codeDir,
    });
  });

  it("answers with what was raised, with its end, and with a timeout", async () => {
    const { host, spec } = start(3_000);

    const raised = await host.invoke(spec.name, '{"bad":true}');
    const ended = await host.invoke(spec.name, '{"exit":true}');
    const hung = await host.invoke(spec.name, '{"hang":true}');
    const next = await host.invoke(spec.name, '{"n":1}');

    expect(raised).toMatchObject({ status: "error", kind: "thrown" });
    expect(JSON.parse((raised as { payload: string }).payload)).toMatchObject({
      errorType: "ValueError",
      errorMessage: "too far",
    });
    expect(ended).toMatchObject({ status: "error", kind: "exit" });
    expect(hung).toMatchObject({ status: "error", kind: "timeout" });
    expect(next).toMatchObject({ status: "ok" });
  });

  it("leaves Ctrl-C, which a terminal sends to all, to the process that started it", async () => {
    const { host, spec } = start();

    const result = await host.invoke(spec.name, '{"n":1,"interrupted":true}');

    expect(result).toMatchObject({ status: "ok" });
  });

  it("reports code that cannot be loaded", async () => {
    const { host } = hostRig({ python });
    host.define(functionFolder({}, { runtime: "python3.13", handler: "app.handler" }));

    const result = await host.invoke("shop-Points", "{}");

    expect(result).toMatchObject({ status: "error", kind: "init" });
    expect((result as { payload: string }).payload).toContain("Runtime.ImportModuleError");
  });

  it("says which interpreter could not be started", async () => {
    const { host } = hostRig({ python: "/nowhere/python3" });
    host.define(functionFolder(code, { runtime: "python3.13", handler: "app.handler" }));

    const result = await host.invoke("shop-Points", "{}");

    expect(result).toMatchObject({ status: "error", kind: "init" });
    expect((result as { payload: string }).payload).toContain("/nowhere/python3");
  });

  it("ends with the process that started it, in the middle of its work", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const connected = once(server, "connection");
    const spec = functionFolder(
      {
        "app.py": `
import socket, time
def handler(event, context):
    held = socket.create_connection(("127.0.0.1", event["port"]))
    time.sleep(600)
`,
      },
      { runtime: "python3.13", handler: "app.handler", timeoutMs: 900_000 },
    );
    const script = fileURLToPath(new URL("../fixtures/function-host/host.ts", import.meta.url));
    const { port } = server.address() as AddressInfo;
    const parent = spawn(process.execPath, [script, JSON.stringify({ spec, port, python })], {
      stdio: "inherit",
    });
    const [socket] = (await connected) as [Socket];
    socket.on("error", () => {}).resume();
    const closed = once(socket, "close");

    parent.kill("SIGKILL");

    await closed;
    server.close();
  });
});
