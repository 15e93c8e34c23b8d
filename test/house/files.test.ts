import { describe, expect, it } from "@jest/globals";
import { projectFiles, textOf } from "./source.ts";

const files = projectFiles();
const isText = (file: string) => !/\.(gz|png|ico|zip)$/.test(file);
const linesOf = (text: string) => text.trimEnd().split("\n").length;

const maxLines = 300;
const maxReadmeLines = 200;

/** Folders of one person's or one build machine's disk. */
const machinePath = /(?:^|[\s"'`(=:])\/(?:work|root|home\/\w+|Users\/\w+|mnt\/\w+)\//m;
/** A lockfile that says where packages came from, or a setting that says where to get them. */
const registryHost = /"resolved":\s*"https?:|^\s*(?:@[\w-]+:)?registry\s*=|index-url\s*=|<mirror[O]f>/m;

describe("the files", () => {
  it("are seen when they name a machine's folder or a registry's host", () => {
    expect(machinePath.test(`read("/${"root"}/notes.md")`)).toBe(true);
    expect(machinePath.test(`cd /${"home"}/ann/omnibus`)).toBe(true);
    expect(machinePath.test("local/work/notes.md, https://example.com/home/ann/")).toBe(false);
    expect(registryHost.test(`"resolved"${": "}"https://packages.example.com/a.tgz"`)).toBe(true);
    expect(registryHost.test(`registry${"="}somewhere`)).toBe(true);
    expect(registryHost.test("omit-lockfile-registry-resolved=true")).toBe(false);
  });

  it("name no machine's folders", () => {
    expect(files.filter((file) => isText(file) && machinePath.test(textOf(file) ?? ""))).toEqual([]);
  });

  it("name no registry's host", () => {
    expect(files.filter((file) => isText(file) && registryHost.test(textOf(file) ?? ""))).toEqual([]);
  });

  it(`have at most ${maxLines} lines of code`, () => {
    const long = files
      .filter((file) => /\.(ts|mjs|py)$/.test(file) && !file.startsWith("test/"))
      .filter((file) => linesOf(textOf(file) ?? "") > maxLines);

    expect(long).toEqual([]);
  });

  it(`keep the README within ${maxReadmeLines} lines`, () => {
    const readme = textOf("README.md");

    expect(readme).toBeDefined();
    expect(linesOf(readme ?? "")).toBeLessThanOrEqual(maxReadmeLines);
  });

  it("lie in folders that docs/architecture.md names", () => {
    const map = textOf("docs/architecture.md") ?? "";
    const folders = new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]));

    expect([...folders].filter((folder) => !map.includes(`${folder}/`))).toEqual([]);
  });

  it("tell every dependency's reason in docs/dependencies.md", () => {
    const packages = JSON.parse(textOf("package.json") ?? "{}") as Record<string, Record<string, string>>;
    const kinds = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"];
    const names = kinds.flatMap((kind) => Object.keys(packages[kind] ?? {}));
    const reasons = textOf("docs/dependencies.md") ?? "";

    expect(names.filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
    expect(names.length).toBeGreaterThan(10);
  });
});
