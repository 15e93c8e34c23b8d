import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "@jest/globals";
import { build } from "../../lib/bundle.ts";

const made: string[] = [];

/** A small project somewhere: a handler, a file of its own, and a package written as CommonJS. */
function aProject(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "omnibus-bundle-")));
  made.push(root);
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("package.json", '{ "type": "module" }');
  write("node_modules/old/package.json", '{ "name": "old" }');
  write(
    "node_modules/old/index.js",
    'module.exports = { sep: require("node:path").sep, load: (n) => require(n) };',
  );
  write(
    "src/told.ts",
    "export class ToldError extends Error { constructor() { super(); this.name = new.target.name; } }",
  );
  write(
    "src/handler.ts",
    `import old from "old"; import { ToldError } from "./told.ts";
     export const handler = async () => [old.sep, typeof old.load("node:os").cpus, new ToldError().name];`,
  );
  return root;
}

function textOf(files: ReadonlyMap<string, string>, name: string): string {
  return files.get(name) ?? "";
}

afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
});

describe("build", () => {
  it("makes the same bytes wherever the project lies", () => {
    const [one, other] = [aProject(), aProject()];

    const files = build(join(one, "src/handler.ts"));

    expect([...files.keys()].toSorted()).toEqual(["index.mjs", "index.mjs.map"]);
    expect([...build(join(other, "src/handler.ts"))]).toEqual([...files]);
    for (const text of files.values()) expect(text).not.toContain(one);
  });

  it("spares no package that the handler itself imports", () => {
    const root = aProject();
    const handler = join(root, "src/absent.ts");
    writeFileSync(handler, 'export const handler = async () => import("@aws-sdk/client-none");');

    expect(() => build(handler, {}, ["@aws-sdk/client-none"])).toThrow(
      /cannot be bundled: it uses @aws-sdk\/client-none, not installed here/,
    );
  });

  it("names sources from the project, and leaves the text of packages out", () => {
    const map = JSON.parse(textOf(build(join(aProject(), "src/handler.ts")), "index.mjs.map"));

    const text = new Map(
      map.sources.map((source: string, index: number) => [source, map.sourcesContent[index]]),
    );
    expect(Object.fromEntries(text)).toEqual({
      "node_modules/old/index.js": null,
      "src/told.ts": expect.stringContaining("ToldError"),
      "src/handler.ts": expect.stringContaining("handler"),
    });
  });

  it("runs as an ES module, with packages that call require and errors that keep their names", () => {
    const root = aProject();
    const file = join(root, "index.mjs");
    writeFileSync(file, textOf(build(join(root, "src/handler.ts")), "index.mjs"));

    const answer = execFileSync(process.execPath, [
      "--input-type=module",
      "--eval",
      `import { handler } from ${JSON.stringify(file)}; console.log(JSON.stringify(await handler()));`,
    ]);

    expect(JSON.parse(answer.toString())).toEqual(["/", "function", "ToldError"]);
  });

  it("says what to install where packages are missing", () => {
    const root = aProject();
    const file = join(root, "src/lonely.ts");
    const lonely = (text: string) => {
      writeFileSync(file, text);
      return () => build(file);
    };

    expect(lonely('import "@acme/gone/deep"; import "vanished"; import("vanished/too");')).toThrow(
      `${file} cannot be bundled: it uses @acme/gone, vanished, not installed here. Run: npm install @acme/gone vanished`,
    );
    expect(lonely('import "vanished"; import "./nowhere.ts";')).toThrow(
      /Could not resolve "\.\/nowhere\.ts"/,
    );
    expect(lonely("const =")).toThrow(/Expected identifier/);
  });

  it("takes esbuild's options", () => {
    const file = join(aProject(), "src/handler.ts");

    const files = build(file, {
      external: ["old"],
      sourcemap: false,
      minify: false,
      banner: { js: "// ours" },
    });

    expect([...files.keys()]).toEqual(["index.mjs"]);
    expect(textOf(files, "index.mjs")).toContain('from "old"');
    expect(textOf(files, "index.mjs")).toMatch(/createRequire.*\n\/\/ ours/);
  });

  it("puts what a handler uses of the AWS SDK inside, and keeps it under a megabyte", () => {
    const drill = fileURLToPath(new URL("../../drills/orders/handlers/points.ts", import.meta.url));

    const code = textOf(build(drill), "index.mjs");

    expect(code).toContain("BatchExecuteStatement");
    expect(code).not.toMatch(/from\s?"@aws-sdk/);
    expect(code.length).toBeLessThan(1_000_000);
  });
});
