import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readAssembly } from "../../local/cloud/assembly/read-assembly.ts";
import { synthesize } from "../../local/cloud/index.ts";
import { keptBundlesContext } from "../../src/names.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();
let apps = 0;

/** A folder with a cdk.json whose app is one line of Node. */
function appOf(script: string, more: object = {}): string {
  const directory = join(folder, `app-${++apps}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "app.cjs"), script);
  writeFileSync(join(directory, "cdk.json"), JSON.stringify({ app: "node app.cjs", ...more }));
  return directory;
}

const writesWhatItGot = `
const { mkdirSync, writeFileSync } = require("node:fs");
const { CDK_OUTDIR: out, CDK_CONTEXT_JSON, CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION, PATH } = process.env;
mkdirSync(out, { recursive: true });
console.log("made by", CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION);
writeFileSync(out + "/manifest.json", JSON.stringify({ context: JSON.parse(CDK_CONTEXT_JSON), path: PATH }));
`;

describe("synthesize", () => {
  it("runs the app as the CDK's own command line would", async () => {
    const directory = appOf(writesWhatItGot, { context: { size: "small" } });
    writeFileSync(join(directory, "cdk.context.json"), '{"zone":"a"}');
    const lines: string[] = [];

    const { assembly } = await synthesize({
      directory,
      outDir: join(directory, "out"),
      onLine: (line) => lines.push(line),
    });

    const { default: made } = await import(join(assembly, "manifest.json"), { with: { type: "json" } });
    expect(made.context).toMatchObject({ size: "small", zone: "a", "aws:cdk:bundling-stacks": ["**"] });
    expect(made.context).toHaveProperty(keptBundlesContext);
    expect(made.path.startsWith(join(directory, "node_modules", ".bin"))).toBe(true);
    expect(lines).toEqual(["made by 000000000000 us-east-1"]);
  });

  it("fails with the app's own words", async () => {
    const directory = appOf('console.error("the moon is too full"); process.exit(3);');

    await expect(synthesize({ directory, outDir: join(directory, "out") })).rejects.toMatchObject({
      code: "app-failed",
      message: '"node app.cjs" failed (3):\nthe moon is too full',
    });
  });

  it("says the app's own words once, where they are told line by line", async () => {
    const directory = appOf('console.error("the moon is too full"); process.exit(3);');
    const lines: string[] = [];
    const failing = synthesize({
      directory,
      outDir: join(directory, "out"),
      onLine: (line) => lines.push(line),
    });

    await expect(failing).rejects.toThrow('"node app.cjs" failed (3); what it wrote stands above');
    expect(lines).toEqual(["the moon is too full"]);
  });

  it("does not take an earlier run's assembly for this one's", async () => {
    const directory = appOf(writesWhatItGot);
    const outDir = join(directory, "out");
    await synthesize({ directory, outDir });

    await expect(synthesize({ directory, outDir, app: "true" })).rejects.toMatchObject({
      code: "app-without-assembly",
    });
  });

  it("says what is missing: a command, an assembly, JSON that can be read", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const silent = appOf("");
    const torn = appOf("");
    writeFileSync(join(torn, "cdk.json"), "{");

    await expect(synthesize({ directory: empty, outDir: "out" })).rejects.toMatchObject({
      code: "app-missing",
    });
    await expect(synthesize({ directory: silent, outDir: join(silent, "out") })).rejects.toMatchObject({
      code: "app-without-assembly",
    });
    await expect(synthesize({ directory: torn, outDir: "out" })).rejects.toMatchObject({
      code: "json-invalid",
    });
  });
});

describe("readAssembly", () => {
  const write = (manifest: object): string => {
    const directory = join(folder, `assembly-${++apps}`);
    mkdirSync(join(directory, "stage"), { recursive: true });
    writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifest));
    writeFileSync(join(directory, "a.template.json"), "{}");
    writeFileSync(join(directory, "stage", "b.template.json"), "{}");
    writeFileSync(
      join(directory, "stage", "manifest.json"),
      JSON.stringify({
        artifacts: {
          B: { type: "aws:cloudformation:stack", properties: { templateFile: "b.template.json" } },
        },
      }),
    );
    return directory;
  };

  it("finds the stacks of stages too", () => {
    const directory = write({
      artifacts: {
        Tree: { type: "cdk:tree" },
        A: {
          type: "aws:cloudformation:stack",
          dependencies: ["Tree"],
          properties: { templateFile: "a.template.json", stackName: "shop-a" },
        },
        Stage: { type: "cdk:cloud-assembly", properties: { directoryName: "stage" } },
      },
    });

    expect(readAssembly(directory).stacks.map(({ name, dependencies }) => [name, dependencies])).toEqual([
      ["shop-a", []],
      ["B", []],
    ]);
  });

  it("refuses a folder that is none, that has no stack, or that still looks things up", () => {
    expect(() => readAssembly(join(folder, "nowhere"))).toThrow("is no synthesized CDK app");
    expect(() => readAssembly(write({ artifacts: {} }))).toThrow("has no stack");
    expect(() => readAssembly(write({ missing: [{ key: "vpc-provider:account=1" }] }))).toThrow(
      /looks things up in a real account \(vpc-provider:account=1\)/,
    );
  });
});
