import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { functionFolder } from "../helpers/function-folder.ts";
import { hostRig } from "../helpers/function-host-rig.ts";

/** A handler that connects to the test and then never ends: its process is alive as long as the connection is. */
const holds = {
  "index.mjs": `import { connect } from "node:net";
    export const handler = async (event) => {
      if (!event.port) return "idle";
      await new Promise(() => connect(event.port, "127.0.0.1").on("error", () => {}));
    };`,
};

describe("process environments", () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => void server.close());

  const connection = async () => {
    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => {});
    socket.resume();
    return socket;
  };

  it("are killed one at a time, busy ones first, and their caller is told", async () => {
    const { host } = hostRig({ environments: "process" });
    const idle = functionFolder(holds, { name: "idle" });
    const busy = functionFolder(holds, { name: "busy" });
    host.define(idle);
    host.define(busy);
    await host.invoke("idle", "{}");
    const connected = connection();
    const running = host.invoke("busy", JSON.stringify({ port }), { requestId: "r-1" });
    const socket = await connected;
    const closed = once(socket, "close");

    const first = host.killOne();
    await closed;

    expect(first).toEqual({ functionName: "busy", pid: expect.any(Number) });
    expect(await running).toEqual({
      status: "error",
      kind: "exit",
      payload: JSON.stringify({
        errorType: "Runtime.ExitError",
        errorMessage: "RequestId: r-1 Error: Runtime exited with error: signal: killed",
        trace: [],
      }),
    });
    expect(host.killOne()?.functionName).toBe("idle");
    expect(await host.invoke("busy", "{}")).toMatchObject({ status: "ok", payload: '"idle"' });
  });

  it("end with the process that started them, in the middle of their work", async () => {
    const spec = functionFolder(holds);
    const script = fileURLToPath(new URL("../fixtures/function-host/host.ts", import.meta.url));
    const connected = connection();
    const parent = spawn(process.execPath, [script, JSON.stringify({ spec, port })], { stdio: "inherit" });
    const socket = await connected;
    const closed = once(socket, "close");

    parent.kill("SIGKILL");

    await closed;
  });

  it("let a debugger attach to one function, whose time is not counted then", async () => {
    const { host, line } = hostRig({ environments: "thread", inspect: "shop-Points" });
    const spec = functionFolder(
      {
        "index.mjs":
          "export const handler = async () => { const end = Date.now() + 300; while (Date.now() < end); return process.pid; };",
      },
      { timeoutMs: 1 },
    );
    host.define(spec);

    const [first, second] = await Promise.all([host.invoke(spec.name, "{}"), host.invoke(spec.name, "{}")]);
    const told = await line("ws://127.0.0.1:");
    const { port: debugPort } = new URL(told.slice(told.indexOf("ws://")));
    const targets = await (await fetch(`http://127.0.0.1:${debugPort}/json/list`)).json();

    expect(first).toMatchObject({ status: "ok" });
    expect(second).toEqual(first);
    expect((first as { payload: string }).payload).not.toBe(String(process.pid));
    expect(targets).toHaveLength(1);
  });
});
