import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Match } from "aws-cdk-lib/assertions";
import type { App } from "aws-cdk-lib/core";
import type { ConsumerProps } from "../../lib/index.ts";
import { pythonCode } from "../../lib/python/index.ts";
import { aConsumer, stockLocked, templateOf } from "../helpers/stacks.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const entry = new URL("../fixtures/python-app/handlers/recommend.py", import.meta.url);
const inPython = (props: Partial<ConsumerProps> = {}) =>
  aConsumer({ entry, language: "python", ...props } as Partial<ConsumerProps>);

/** The folder of the one function's code. */
function codeOf({ stack }: ReturnType<typeof inPython>): string {
  const { directory } = (stack.node.root as App).synth();
  const asset = readdirSync(directory).find(
    (name) => name.startsWith("asset.") && readdirSync(join(directory, name)).includes("omnibus"),
  );
  return join(directory, asset ?? "");
}

const folders = temporaryFolder();
/** A folder with these files, and the entry in it. */
function aFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(folders, "code-"));
  for (const [name, text] of Object.entries({ "app.py": "", ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, "app.py");
}
const ownFiles = (file: string) =>
  [...pythonCode(file).files.keys()].filter((path) => !path.startsWith("omnibus/"));

describe("a consumer in Python", () => {
  it("is a function like any other, with Python's runtime; it knows no holds", () => {
    const { stack } = inPython({ concurrency: 5 });
    const { stack: other } = aConsumer({ concurrency: 5 });
    const breaker = /,\\"breaker\\":{[^}]*}/;
    const holds = /,{"Action":\["dynamodb:GetItem","dynamodb:UpdateItem"\],"Condition":.*?shop-jobs"\]\]}}/;
    const plain = (part: unknown) =>
      JSON.parse(JSON.stringify(part).replace(breaker, "").replace(holds, "")) as object;

    const [one, another] = [stack, other].map(
      (each) => Object.values(templateOf(each).findResources("AWS::Lambda::Function"))[0]?.Properties,
    );
    expect(one).toEqual({
      ...plain(another),
      Code: expect.anything(),
      Handler: "recommend.handler",
      Runtime: "python3.13",
    });
    for (const type of ["AWS::SQS::Queue", "AWS::IAM::Policy", "AWS::SNS::Subscription"]) {
      expect(templateOf(stack).findResources(type)).toEqual(plain(templateOf(other).findResources(type)));
    }
  });

  it("can export its handler by another name", () => {
    templateOf(inPython({ handler: "on_order" }).stack).hasResourceProperties(
      "AWS::Lambda::Function",
      Match.objectLike({ Handler: "recommend.on_order" }),
    );
  });

  it("carries the entry's folder, the module omnibus and the contracts", () => {
    const fair = { ...stockLocked, tenant: "orderId" };
    const code = codeOf(inPython({ emits: [fair] }));

    expect(readdirSync(code)).toEqual(["omnibus", "omnibus_contracts.json", "recommend.py", "scores.py"]);
    expect(readdirSync(join(code, "omnibus/consume"))).toContain("run_batch.py");
    const written = JSON.parse(readFileSync(join(code, "omnibus_contracts.json"), "utf8"));
    expect(written.contracts["order.placed:1"]).toEqual({
      type: "order.placed",
      version: 1,
      topic: "orders",
      filterable: ["country", "cents"],
      sensitive: [],
      schema: expect.objectContaining({ type: "object", required: ["orderId", "country", "cents"] }),
    });
    expect(Object.keys(written.contracts)).toEqual(["order.placed:1", "stock.locked:1"]);
    expect(written.contracts["stock.locked:1"].tenant).toBe("orderId");
    const schema = new URL("../../schema/contracts.schema.json", import.meta.url);
    expect(new Ajv2020({ strict: false }).validate(JSON.parse(readFileSync(schema, "utf8")), written)).toBe(
      true,
    );
  });
});

describe("pythonCode", () => {
  it("takes what lies beside the entry, and leaves out what other languages and tools have left", () => {
    const file = aFolder({
      "model.json": "{}",
      "pkg/__init__.py": "",
      "pkg/deep/data.bin": "\0",
      "other.ts": "",
      "__pycache__/app.cpython-313.pyc": "",
      ".env": "SECRET=1",
      ".venv/bin/python": "",
      "node_modules/x/index.js": "",
    });

    expect(ownFiles(file)).toEqual(["app.py", "model.json", "pkg/__init__.py", "pkg/deep/data.bin"]);
  });

  it("takes linked code for its own, and bytes as they are", () => {
    const [shared, file] = [aFolder({ "common.py": "x = 1" }), aFolder({})];
    symlinkSync(dirname(shared), join(dirname(file), "shared"));
    writeFileSync(join(dirname(file), "bytes.bin"), Buffer.from([0xff, 0x00, 0xfe]));

    expect(ownFiles(file)).toEqual(["app.py", "bytes.bin", "shared/app.py", "shared/common.py"]);
    expect([...(pythonCode(file).files.get("bytes.bin") ?? [])]).toEqual([0xff, 0x00, 0xfe]);
  });

  it("refuses a link into itself", () => {
    const file = aFolder({ "pkg/__init__.py": "" });
    symlinkSync(dirname(file), join(dirname(file), "pkg", "back"));

    expect(() => pythonCode(file)).toThrow(/pkg\/back is a link into itself/);
  });

  it.each([
    ["a name that Lambda would split", "my.app.py", /my\.app\.py is no name of a Python module/],
    ["a name that begins with a digit", "1.py", /1\.py is no name/],
  ])("refuses %s", (_what, name, says) => {
    expect(() => pythonCode(join(dirname(aFolder({ [name]: "" })), name))).toThrow(says);
  });

  it.each([
    [
      "a whole project for a folder",
      { "package.json": "{}" },
      /is a whole project \(it has a package\.json\)/,
    ],
    ["a module of our name", { "omnibus.py": "" }, /a module named omnibus, which is ours/],
    ["a package of our name", { "omnibus/__init__.py": "" }, /a module named omnibus, which is ours/],
  ])("refuses %s", (_what, files, says) => {
    expect(() => pythonCode(aFolder(files))).toThrow(says);
  });
});
