import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { functionFolder, writeFiles } from "../helpers/function-folder.ts";
import { hostRig } from "../helpers/function-host-rig.ts";

const esm = (body: string) => ({
  "index.mjs": `export const handler = async (event, context) => { ${body} };`,
});
const parsed = (result: { payload?: string }) => JSON.parse(result.payload ?? "");

describe.each(["thread", "process"] as const)("a Node function in a %s", (environments) => {
  it("runs an ES module", async () => {
    const { host } = hostRig({ environments });
    host.define(functionFolder(esm("return { got: event.n + 1 };")));

    expect(await host.invoke("shop-Points", '{"n":1}')).toEqual({ status: "ok", payload: '{"got":2}' });
  });

  it("runs a CommonJS module with what it requires, also where the project above says it is an ES module", async () => {
    const spec = functionFolder({
      "package.json": '{"type":"module"}',
      "asset/index.js": "const { add } = require('./lib/add'); exports.handler = async (e) => add(e.n, 1);",
      "asset/lib/add.js":
        "const path = require('node:path'); exports.add = (a, b) => a + b + path.sep.length - 1;",
    });
    const { host } = hostRig({ environments });
    host.define({ ...spec, codeDir: join(spec.codeDir, "asset") });

    expect(await host.invoke(spec.name, '{"n":1}')).toEqual({ status: "ok", payload: "2" });
  });

  it("runs a .js file that is an ES module by its syntax, and one that its own package.json says is one", async () => {
    const code = "export const handler = async () => import.meta.url.slice(-8);";
    const bySyntax = functionFolder({ "index.js": code });
    const byPackage = functionFolder({ "index.js": code, "package.json": '{"type":"module"}' });
    const { host } = hostRig({ environments });
    host.define(bySyntax);
    host.define({ ...byPackage, name: "other" });

    expect(await host.invoke(bySyntax.name, "{}")).toEqual({ status: "ok", payload: '"index.js"' });
    expect(await host.invoke("other", "{}")).toEqual({ status: "ok", payload: '"index.js"' });
  });

  it("finds a handler in a folder, below an export", async () => {
    const spec = functionFolder(
      { "src/api.mjs": "export const api = { get: () => 'plain value' };" },
      { handler: "src/api.api.get" },
    );
    const { host } = hostRig({ environments });
    host.define(spec);

    expect(await host.invoke(spec.name, "{}")).toEqual({ status: "ok", payload: '"plain value"' });
  });

  it("answers null for nothing", async () => {
    const { host } = hostRig({ environments });
    host.define(functionFolder(esm("")));

    expect(await host.invoke("shop-Points", "{}")).toEqual({ status: "ok", payload: "null" });
  });

  it("gives the context that Lambda gives", async () => {
    const { host } = hostRig({ environments });
    host.define(
      functionFolder(esm("return { ...context, left: context.getRemainingTimeInMillis() };"), {
        memoryMb: 256,
      }),
    );

    const result = await host.invoke("shop-Points", "{}", { requestId: "request-1" });

    expect(parsed(result as { payload: string })).toMatchObject({
      awsRequestId: "request-1",
      functionName: "shop-Points",
      functionVersion: "$LATEST",
      invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:shop-Points",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/shop-Points",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    const { left } = parsed(result as { payload: string });
    expect(left).toBeGreaterThan(10_000);
    expect(left).toBeLessThanOrEqual(20_000);
  });

  it("gives each function an environment of its own, which leads to the local endpoint and nowhere else", async () => {
    const { host } = hostRig({ environments });
    host.define(
      functionFolder(esm("return process.env;"), {
        environment: {
          OMNIBUS: "{}",
          AWS_ENDPOINT_URL: "https://sns.amazonaws.com",
          AWS_ENDPOINT_URL_SQS: "https://sqs.us-east-1.amazonaws.com",
          AWS_ENDPOINT_URL_DYNAMODB: "https://dynamodb.us-east-1.amazonaws.com",
          AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
          AWS_ACCESS_KEY_ID: "x",
        },
      }),
    );

    const result = await host.invoke("shop-Points", "{}");

    const variables = parsed(result as { payload: string });
    expect(variables).toMatchObject({
      OMNIBUS: "{}",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:4566",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_LAMBDA_FUNCTION_NAME: "shop-Points",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      _HANDLER: "index.handler",
    });
    expect(variables.LAMBDA_TASK_ROOT).toEqual(expect.any(String));
    expect(variables.AWS_ENDPOINT_URL_SQS).toBeUndefined();
    expect(variables.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS).toBeUndefined();
    expect(variables.HOME).toBeUndefined();
    expect(process.env._HANDLER).toBeUndefined();
  });

  it("answers with what was thrown, and uses the environment again", async () => {
    const { host } = hostRig({ environments });
    host.define(functionFolder(esm("if (event.bad) throw new RangeError('too far'); return 'fine';")));

    const failed = await host.invoke("shop-Points", '{"bad":true}');
    const next = await host.invoke("shop-Points", "{}");

    expect(failed).toMatchObject({ status: "error", kind: "thrown" });
    expect(parsed(failed as { payload: string })).toMatchObject({
      errorType: "RangeError",
      errorMessage: "too far",
      trace: expect.arrayContaining(["RangeError: too far"]),
    });
    expect(next).toEqual({ status: "ok", payload: '"fine"' });
    expect(host.stats("shop-Points")).toMatchObject({ environments: 1, invocations: 2, errors: 1 });
  });

  it.each([
    ["an answer that is no JSON", "return 1n;", "TypeError"],
    ["an answer over 6 MB", "return 'x'.repeat(7 * 1024 * 1024);", "Function.ResponseSizeTooLarge"],
    ["a thrown string", "throw 'plain';", "string"],
  ])("answers with an error for %s", async (_, body, errorType) => {
    const { host } = hostRig({ environments });
    host.define(functionFolder(esm(body)));

    const result = await host.invoke("shop-Points", "{}");

    expect(result).toMatchObject({ status: "error", kind: "thrown" });
    expect(parsed(result as { payload: string }).errorType).toBe(errorType);
  });

  it("ends a handler whose time is up, also one that never lets go, in Lambda's words", async () => {
    const { host } = hostRig({ environments });
    const body = "if (event.hang) await new Promise(() => {}); if (event.spin) for (;;); return 'new';";
    host.define(functionFolder(esm(body), { timeoutMs: 300 }));

    const hung = await host.invoke("shop-Points", '{"hang":true}', { requestId: "r-1" });
    const spun = await host.invoke("shop-Points", '{"spin":true}', { requestId: "r-2" });
    const next = await host.invoke("shop-Points", "{}");

    expect(hung).toMatchObject({ status: "error", kind: "timeout" });
    expect(parsed(hung as { payload: string })).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: "RequestId: r-1 Error: Task timed out after 0.30 seconds",
    });
    expect(spun).toMatchObject({ status: "error", kind: "timeout" });
    expect(next).toEqual({ status: "ok", payload: '"new"' });
  });

  it("answers when the handler ends its process, and replaces the environment", async () => {
    const { host } = hostRig({ environments });
    host.define(functionFolder(esm("if (event.exit) process.exit(3); return 'alive';")));

    const gone = await host.invoke("shop-Points", '{"exit":true}', { requestId: "r-1" });
    const next = await host.invoke("shop-Points", "{}");

    expect(gone).toMatchObject({ status: "error", kind: "exit" });
    expect(parsed(gone as { payload: string })).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: "RequestId: r-1 Error: Runtime exited with error: exit status 3",
    });
    expect(next).toEqual({ status: "ok", payload: '"alive"' });
  });

  it.each(["await new Promise((resolve) => setTimeout(resolve, 1_000));", ""])(
    "lets no other invocation meet an environment that dies of a stray rejection (%s)",
    async (lingers) => {
      const { host } = hostRig({ environments, maxEnvironments: 1 });
      const stray = `if (event.stray) { Promise.reject(new Error("stray")); ${lingers} }`;
      host.define(functionFolder(esm(`${stray} return event.n;`)));

      const [dying, ...others] = await Promise.all(
        ['{"stray":true}', '{"n":1}', '{"n":2}'].map((payload) => host.invoke("shop-Points", payload)),
      );

      expect(dying).toMatchObject({ status: "error", kind: "exit" });
      expect(parsed(dying as object)).toMatchObject({
        errorType: "Runtime.UnhandledPromiseRejection",
        errorMessage: "stray",
      });
      expect(others).toEqual([
        { status: "ok", payload: "1" },
        { status: "ok", payload: "2" },
      ]);
    },
  );

  it("takes an error that nobody caught as the end of the environment", async () => {
    const { host } = hostRig({ environments });
    host.define(
      functionFolder(
        esm("setTimeout(() => { throw new TypeError('loose'); }); await new Promise(() => {});"),
      ),
    );

    const result = await host.invoke("shop-Points", "{}");

    expect(result).toMatchObject({ status: "error" });
    expect(parsed(result as { payload: string })).toMatchObject({
      errorType: "TypeError",
      errorMessage: "loose",
    });
  });

  it.each([
    ["Runtime.ImportModuleError", {}, "index.handler"],
    ["Runtime.ImportModuleError", { "index.mjs": "import 'nowhere';" }, "index.handler"],
    ["Runtime.UserCodeSyntaxError", { "index.mjs": "export const = 1;" }, "index.handler"],
    ["Runtime.HandlerNotFound", { "index.mjs": "export const other = 1;" }, "index.handler"],
    ["Runtime.MalformedHandlerName", { "index.mjs": "" }, "index"],
    [
      "Runtime.CallbackHandlerDeprecated",
      { "index.mjs": "export const handler = (event, context, done) => done();" },
      "index.handler",
    ],
    ["EvalError", { "index.mjs": "throw new EvalError('at load');" }, "index.handler"],
  ])("reports %s as an error of its start", async (errorType, files, handler) => {
    const { host, lines } = hostRig({ environments });
    host.define(functionFolder(files, { handler }));

    const result = await host.invoke("shop-Points", "{}");

    expect(result).toMatchObject({ status: "error", kind: "init" });
    expect(parsed(result as { payload: string }).errorType).toBe(errorType);
    expect(lines.join("\n")).toContain("could not start");
    expect(host.stats("shop-Points")).toMatchObject({ environments: 0, errors: 1 });
  });

  it("hands on what the function writes, line by line", async () => {
    const { host, lines, line } = hostRig({ environments });
    host.define(
      functionFolder(
        esm(
          "console.log('one\\ntwo ä'); console.error('three'); process.stdout.write('fo'); console.log('ur');",
        ),
      ),
    );

    await host.invoke("shop-Points", "{}");
    await Promise.all([line("four"), line("three")]);

    expect(lines.filter((each) => each !== "three")).toEqual(["one", "two ä", "four"]);
  });

  it("runs new code after it was defined again, while the old finishes", async () => {
    const { host, line } = hostRig({ environments, maxEnvironments: 2 });
    const spec = functionFolder(
      esm(
        "console.log('started'); const { existsSync, watch } = await import('node:fs'); const go = () => existsSync(event.file); await new Promise((r) => { const w = watch(process.env.LAMBDA_TASK_ROOT, () => go() && (w.close(), r())); if (go()) { w.close(); r(); } }); return 'old';",
      ),
    );
    host.define(spec);
    const old = host.invoke(spec.name, JSON.stringify({ file: join(spec.codeDir, "go") }));
    await line("started");

    host.define(functionFolder(esm("return 'new';")));
    const fresh = await host.invoke(spec.name, "{}");
    writeFiles(spec.codeDir, { go: "" });

    expect(fresh).toEqual({ status: "ok", payload: '"new"' });
    expect(await old).toEqual({ status: "ok", payload: '"old"' });
    expect(host.stats(spec.name).environments).toBe(1);
  });

  it("ends everything at once when it is stopped, and answers who waits", async () => {
    const { host, line } = hostRig({ environments, maxEnvironments: 1 });
    host.define(functionFolder(esm("console.log('started'); for (;;);")));
    const running = host.invoke("shop-Points", "{}");
    const waiting = host.invoke("shop-Points", "{}");
    await line("started");

    const startedMs = performance.now();
    await host.stop();

    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await running).toMatchObject({ status: "error", kind: "exit" });
    expect(await waiting).toMatchObject({ status: "error" });
    expect(await host.invoke("shop-Points", "{}")).toMatchObject({ status: "error" });
  });
});
