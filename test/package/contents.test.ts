import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { type Manifest, packageManifest, packLibrary, project } from "../../package/index.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

/** All that may be in the package. */
const meant = [
  /^package\.json$|^(README|CHANGELOG)\.md$|^LICENSE$/,
  /^(bin|cli|lib|local|ops|src)\/.+\.js$/,
  /^lambdas\/[\w-]+\.mjs$/,
  /^(lib|local|src)\/.+\.d\.ts$/,
  /^python\/omnibus\/.+\.(py|typed)$/,
  /^schema\/[a-z-]+\.schema\.json$/,
  /^ops\/guards\/guards\.json$/,
  /^templates\/.+/,
];
/** The project's own, at the top; what building and running leaves behind, anywhere. */
const neverMeant =
  /^(test|bench|drills|data|package)\/|(^|\/)(node_modules|cdk\.out|target|__pycache__|\.[^/]+)\/|\.(pyc|map)$/;

function strangers(files: readonly string[]): readonly string[] {
  return files.filter((file) => neverMeant.test(file) || !meant.some((pattern) => pattern.test(file)));
}

const folder = temporaryFolder();
let root = "";
let files: readonly string[] = [];

/** The packed program, with those packages beside it that every user gets, and no other. */
function bus(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin/bus.js"), ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

beforeAll(async () => {
  const tarball = await packLibrary();
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  root = join(folder, "package");
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["commander", "cli-table3"]) {
    symlinkSync(join(project, "node_modules", name), join(folder, "node_modules", name));
  }
  const listed = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
  files = listed
    .trim()
    .split("\n")
    .map((file) => file.replace(/^package\//, ""));
}, 60_000);

describe("the package", () => {
  it("holds nothing but what is meant", () => {
    expect(strangers(files)).toEqual([]);
    expect(files.length).toBeGreaterThan(200);
  });

  it.each([
    "test/house/files.test.ts",
    "bench/run.ts",
    "drills/orders/index.js",
    "templates/publishers/java/target/a.class",
    "python/omnibus/__pycache__/errors.pyc",
    "python/tests/report.py",
    ".cache/package/a.tgz",
    "src/index.ts",
    "tsconfig.json",
  ])("would be seen to hold %s", (file) => {
    expect(strangers([file])).toEqual([file]);
  });

  it("holds the Python module, the schemas and its papers", () => {
    for (const file of [
      "python/omnibus/__init__.py",
      "schema/event.schema.json",
      "CHANGELOG.md",
      "LICENSE",
    ]) {
      expect(files).toContain(file);
    }
  });

  it("leads every relative import to a file, the project's drills aside", () => {
    const broken = files
      .filter((file) => /\.(js|d\.ts)$/.test(file))
      .flatMap((file) =>
        [...readFileSync(join(root, file), "utf8").matchAll(/(?:from |import\(|import )"(\.[^"$]+)"/g)]
          .map(([, target = ""]) => join(dirname(file), target))
          .filter((target) => !existsSync(join(root, target)))
          .map((target) => `${file} → ${target}`),
      );

    expect(broken.filter((line) => !line.includes("→ drills/"))).toEqual([]);
  });

  it("holds the programs that are started by their place", () => {
    const started = files
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) =>
        [
          ...readFileSync(join(root, file), "utf8").matchAll(
            /programBeside\("([^"]+)", import\.meta\.url\)/g,
          ),
        ].map(([, name]) => join(dirname(file), `${name}.js`)),
      );

    expect(started.length).toBeGreaterThanOrEqual(3);
    expect(started.filter((file) => !files.includes(file))).toEqual([]);
  });

  it("loads publishers, handlers and the test bus where no peer is installed", () => {
    const imports = ["src/index.js", "local/testing/index.js"].map(
      (file) => `await import(${JSON.stringify(join(root, file))});`,
    );
    // Node 22 warns of its SQLite as soon as it is loaded: a user's tests are no place for that.
    const script = `${imports.join(" ")} process.exitCode = process.moduleLoadList.includes("NativeModule sqlite") ? 9 : 0;`;

    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
      encoding: "utf8",
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("has a program that answers, without the project's drills", () => {
    const said = bus("--help");

    expect(bus("--version").stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(said.stdout).toContain("local ");
    expect(said.stdout).not.toContain("drill");
  });

  it("says how to install the engines that bus local lacks, before anything else", () => {
    const { status, stderr } = bus("local");

    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^bus: the local cloud stands on fauxqs@\S+ and @dynoxide\/\S+, which are not installed\. Run: npm install --save-dev --save-exact fauxqs@\S+ @dynoxide\/\S+\n$/,
    );
  });

  it("stays small", () => {
    const bytes = files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0);

    expect(bytes).toBeLessThan(5_000_000);
  });
});

describe("packageManifest", () => {
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as Manifest;

  it("leaves out what is the project's alone, and lets itself be published", () => {
    const packed = packageManifest(manifest);

    for (const field of ["private", "scripts", "devDependencies", "optionalDependencies", "allowScripts"]) {
      expect(packed).not.toHaveProperty(field);
    }
    expect(packed).toMatchObject({ name: "omnibus-aws", type: "module", sideEffects: false });
  });

  it("exports compiled files with their declarations, all of which are there", () => {
    const { exports, bin } = packageManifest(manifest) as {
      exports: Record<string, string | { types: string; default: string }>;
      bin: Record<string, string>;
    };

    expect(Object.keys(exports)).toEqual([".", "./cdk", "./reconcile", "./testing", "./package.json"]);
    const named = Object.values(exports).flatMap((one) =>
      typeof one === "string" ? [one] : Object.values(one),
    );
    expect([...named, ...Object.values(bin)].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it("makes the local engines peers that may be missing", () => {
    const { peerDependencies, peerDependenciesMeta } = packageManifest({
      ...manifest,
      optionalDependencies: { "@dynoxide/plan9-vax": "1.0.0" },
      peerDependencies: { fauxqs: "2.0.0" },
      peerDependenciesMeta: { fauxqs: { optional: true } },
    });

    expect(peerDependencies).toEqual({ "@dynoxide/plan9-vax": "1.0.0", fauxqs: "2.0.0" });
    expect(peerDependenciesMeta).toEqual({
      "@dynoxide/plan9-vax": { optional: true },
      fauxqs: { optional: true },
    });
  });
});
