import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "@jest/globals";
import { App } from "aws-cdk-lib/core";
import { keptOrBuilt } from "../../lib/kept-bundles.ts";
import { keptBundlesContext } from "../../src/names.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const place = realpathSync(temporaryFolder());

/** A small project of a handler and a package, and a folder for its bundles. */
function aProject() {
  const root = mkdtempSync(join(place, "project-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("package.json", '{ "type": "module" }');
  write("node_modules/.package-lock.json", "{}");
  write("node_modules/old/package.json", '{ "name": "old", "main": "one.js" }');
  write("node_modules/old/one.js", 'module.exports = "first";');
  write("node_modules/old/two.js", 'module.exports = "other";');
  write("src/index.ts", 'import word from "old"; export const handler = async () => word;');
  const folder = join(root, "kept");
  const bundle = ({ kept = folder as unknown, spared = [] as readonly string[] } = {}) => {
    passTick();
    const scope = new App({ context: { [keptBundlesContext]: kept }, outdir: join(root, "out") });
    return keptOrBuilt(scope, { index: join(root, "src/index.ts") }, {}, spared).get("index.mjs");
  };
  const keptFiles = () => readdirSync(folder);
  /** Marks what is kept, so that a bundle tells whether it comes from there. */
  const mark = () => {
    for (const name of keptFiles()) {
      const file = join(folder, name);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("first", "kept!"));
    }
  };
  return { root, folder, write, bundle, keptFiles, mark };
}

/** Lets the file system's clock move on: it ticks every few milliseconds. */
function passTick(): void {
  const file = join(place, "tick");
  const now = () => {
    writeFileSync(file, "");
    return statSync(file, { bigint: true }).ctimeNs;
  };
  const before = now();
  while (now() === before);
}

describe("keptOrBuilt", () => {
  it("answers what is kept while nothing has changed", () => {
    const project = aProject();

    const built = project.bundle();
    expect(project.bundle()).toBe(built);
    project.mark();

    expect(built).toContain("first");
    expect(project.bundle()).toContain("kept!");
  });

  it.each<[string, string, string]>([
    ["a source is another", "src/index.ts", 'import word from "old"; export const handler = () => [word];'],
    ["a package is another", "node_modules/old/one.js", 'module.exports = "first of all";'],
    ["other packages were installed", "node_modules/.package-lock.json", '{ "packages": {} }'],
    ["its package.json is another", "package.json", '{ "type": "module", "sideEffects": false }'],
    ["a tsconfig.json has come", "src/tsconfig.json", "{}"],
  ])("bundles anew when %s", (_what, path, text) => {
    const project = aProject();
    project.bundle();
    project.mark();

    project.write(path, text);

    expect(project.bundle()).toContain("first");
    expect(project.keptFiles()).toHaveLength(1);
    project.mark();
    expect(project.bundle()).toContain("kept!");
  });

  it("bundles anew when a source is gone", () => {
    const project = aProject();
    project.bundle();

    rmSync(join(project.root, "node_modules/old/one.js"));
    project.write("node_modules/old/package.json", '{ "name": "old", "main": "two.js" }');

    expect(project.bundle()).toContain("other");
  });

  it("bundles anew, once, when what is kept is torn", () => {
    const project = aProject();
    project.bundle();
    for (const name of project.keptFiles()) writeFileSync(join(project.folder, name), '{"stood":[');

    expect(project.bundle()).toContain("first");

    project.mark();
    expect(project.bundle()).toContain("kept!");
  });

  it("keeps a bundle for each way to make it", () => {
    const project = aProject();
    project.bundle();
    project.mark();

    expect(project.bundle({ spared: ["@aws-sdk/client-s3"] })).toContain("first");

    expect(project.keptFiles()).toHaveLength(2);
  });

  it("keeps nothing where a source changes while it is bundled", async () => {
    const project = aProject();
    const file = join(project.root, "src/index.ts");
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const busy = new Worker(
      `const { parentPort, workerData } = require("node:worker_threads");
       const { utimesSync } = require("node:fs");
       parentPort.postMessage("busy");
       while (Atomics.load(workerData.stop, 0) === 0) utimesSync(workerData.file, 1, 1);`,
      { eval: true, workerData: { file, stop } },
    );
    await new Promise((begun) => busy.once("message", begun));

    const built = project.bundle();

    Atomics.store(stop, 0, 1);
    await new Promise((ended) => busy.once("exit", ended));
    expect(built).toContain("first");
    expect(project.keptFiles()).toEqual([]);
  });

  it("bundles where nothing can be kept, and where it was told of no folder", () => {
    const project = aProject();
    writeFileSync(join(project.root, "file"), "");

    expect(project.bundle({ kept: join(project.root, "file/kept") })).toContain("first");
    expect(project.bundle({ kept: null })).toContain("first");

    expect(() => project.keptFiles()).toThrow("ENOENT");
  });
});
