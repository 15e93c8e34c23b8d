import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

interface Found {
  readonly files: number;
  readonly violations: readonly { readonly rule: string; readonly from: string; readonly to: string }[];
}

/** Rule → a file, and what it imports against the rule. Type-only imports are spelled with `type`. */
const forbidden: Readonly<Record<string, readonly [file: string, line: string]>> = {
  "src-contract-enters": ["src/contract/a.ts", 'import "../publish/index.ts"'],
  "src-telemetry-enters": ["src/telemetry/a.ts", 'import "../consume/index.ts"'],
  "src-filter-enters": ["src/filter/a.ts", 'import "../contract/index.ts"'],
  "src-wire-enters": ["src/wire/a.ts", 'import "../ledger/index.ts"'],
  "src-plan-enters": ["src/plan/a.ts", 'import type { T } from "../contract/index.ts"'],
  "src-digest-enters": ["src/digest/a.ts", 'import type { T } from "../reconcile/index.ts"'],
  "src-leases-enters": ["src/leases/a.ts", 'import "../segments/index.ts"'],
  "src-segments-enters": ["src/segments/a.ts", 'import "../ledger/index.ts"'],
  "src-delay-enters": ["src/delay/a.ts", 'import "../publish/index.ts"'],
  "src-delayer-enters": ["src/delayer/a.ts", 'import "../consume/index.ts"'],
  "src-claim-check-enters": ["src/claim-check/a.ts", 'import "../publish/index.ts"'],
  "src-ledger-enters": ["src/ledger/a.ts", 'export { t } from "../consume/index.ts"'],
  "src-limits-enters": ["src/limits/a.ts", 'import "../ledger/index.ts"'],
  "src-transaction-enters": ["src/transaction/a.ts", 'import "../consume/index.ts"'],
  "src-parking-enters": ["src/parking/a.ts", 'import "../ledger/index.ts"'],
  "src-breaker-enters": ["src/breaker/a.ts", 'import "../ledger/index.ts"'],
  "src-probing-enters": ["src/probing/a.ts", 'import "../governor/index.ts"'],
  "src-governor-enters": ["src/governor/a.ts", 'import "../consume/index.ts"'],
  "src-publish-enters": ["src/publish/a.ts", 'import type { T } from "../ledger/index.ts"'],
  "src-consume-enters": ["src/consume/a.ts", 'import "../outbox/index.ts"'],
  "src-outbox-enters": ["src/outbox/a.ts", 'import "../consume/index.ts"'],
  "src-archive-enters": ["src/archive/a.ts", 'import "../consume/index.ts"'],
  "src-journal-enters": ["src/journal/a.ts", 'import "../ledger/index.ts"'],
  "src-sealer-enters": ["src/sealer/a.ts", 'import "../consume/index.ts"'],
  "src-reconcile-enters": ["src/reconcile/a.ts", 'import "../consume/index.ts"'],
  "src-replay-enters": ["src/replay/a.ts", 'import "../consume/index.ts"'],
  "src-stages-enters": ["src/stages/a.ts", 'import "../reconcile/index.ts"'],
  "src-unlisted-room": ["src/attic/a.ts", 'import "../contract/index.ts"'],
  "src-leaves-enter-no-room": ["src/errors.ts", 'import type { T } from "./contract/index.ts"'],
  "src-knows-no-cdk": ["src/consume/b.ts", 'import { Stack } from "aws-cdk-lib"'],
  "src-stands-alone": ["src/consume/c.ts", 'import { z } from "zod"'],
  "src-aws-lambda-is-types": ["src/consume/d.ts", 'import "aws-lambda"'],
  "lambdas-looks-down": ["lambdas/a.ts", 'import "../lib/index.ts"'],
  "local-looks-down": ["local/cloud/a.ts", 'import "../../lib/index.ts"'],
  "ops-looks-down": ["ops/a.ts", 'import "../cli/a.ts"'],
  "console-looks-down": ["console/a.ts", 'import "../cli/a.ts"'],
  "drills-looks-down": ["drills/orders/a.ts", 'import "../../cli/a.ts"'],
  "package-looks-down": ["package/a.ts", 'import "../lib/index.ts"'],
  "cli-looks-down": ["cli/b.ts", 'import "../lib/index.ts"'],
  "lib-sees-names-only": ["lib/a.ts", 'import "../src/consume/index.ts"'],
  "lib-contract-types": ["lib/b.ts", 'import { t } from "../src/contract/index.ts"'],
  "lib-calls-no-aws": ["lib/c.ts", 'import { SNSClient } from "@aws-sdk/client-sns"'],
  "room-by-its-index": ["src/consume/e.ts", 'import "../ledger/inner.ts"'],
  "rooms-by-their-index": ["cli/c.ts", 'await import("../src/ledger/inner.ts")'],
  "lib-by-its-index": ["bin/a.ts", 'import "../lib/inner.ts"'],
  "nothing-needs-tests": ["local/cloud/b.ts", 'import "../../test/helpers/a.ts"'],
  "test-bus-is-for-tests": ["local/cloud/c.ts", 'import "../testing/index.ts"'],
  "peers-in-bench": ["cli/d.ts", 'import "@aws-lambda-powertools/batch"'],
  "no-undeclared-package": ["ops/b.ts", 'import "zod"'],
  "no-cycles": ["src/plan/b.ts", 'import "./c.ts"'],
  "all-resolve": ["cli/e.ts", 'import "./nowhere.ts"'],
};

/** Imports that must stay possible. */
const allowed: Readonly<Record<string, string>> = {
  "src/contract/ok.ts":
    'import type { S } from "@standard-schema/spec"; import { r } from "node:crypto"; import "../errors.ts"',
  "src/consume/ok.ts":
    'import "../contract/index.ts"; import "../publish/index.ts"; import "../ledger/index.ts"; import type { E } from "aws-lambda"; import "@aws-sdk/client-sns"',
  "lib/ok.ts":
    'import "aws-cdk-lib"; import "../src/names.ts"; import "../src/plan/index.ts"; import type { T } from "../src/contract/index.ts"; import "./inner.ts"',
  "local/cloud/ok.ts": 'import "../../src/consume/index.ts"; import "@aws-sdk/client-sns"',
  "test/ok.ts":
    'import "../src/ledger/inner.ts"; import "../local/testing/inner.ts"; import "../lib/inner.ts"',
  "bench/ok.ts": 'import "@aws-lambda-powertools/batch"; import "zod"; import "../src/consume/index.ts"',
  "drills/orders/ok.ts": 'import "../../lib/index.ts"; import "../../src/consume/index.ts"; import "zod"',
};

/** What the imports above lead to. */
const rooms =
  "contract telemetry plan ledger publish consume outbox reconcile archive segments limits parking breaker governor stages";
const targets = [
  ...rooms.split(" ").map((room) => `src/${room}/index.ts`),
  "src/ledger/inner.ts",
  "src/names.ts",
  "lib/index.ts",
  "lib/inner.ts",
  "cli/a.ts",
  "local/testing/index.ts",
  "local/testing/inner.ts",
  "test/helpers/a.ts",
];

const packages = {
  dependencies: { "@standard-schema/spec": "1" },
  peerDependencies: { "aws-cdk-lib": "2", "@aws-sdk/client-sns": "3" },
  devDependencies: { zod: "4", "@aws-lambda-powertools/batch": "2", "aws-lambda": "1" },
};

const project = join(import.meta.dirname, "../..");
let tree = "";
let found: Found;

beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), "boundaries-"));
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ name: "tree", type: "module", ...packages }),
    "src/plan/c.ts": 'import "./b.ts"',
    ...Object.fromEntries(targets.map((file) => [file, "export const t = 1; export type T = 1;"])),
    ...Object.fromEntries(Object.values(forbidden)),
    ...allowed,
  };
  for (const name of Object.values(packages).flatMap((group) => Object.keys(group))) {
    files[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: "1.0.0", main: "index.js" });
    files[`node_modules/${name}/index.js`] = "";
  }
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), `${text};\n`.replace(/}\n?;\n$/, "}\n"));
  }
  found = await boundaries(tree);
});

afterAll(() => rm(tree, { recursive: true, force: true }));

describe("the boundaries", () => {
  it.each(Object.keys(forbidden))("catch an import against %s", (rule) => {
    const [file] = forbidden[rule] ?? [];

    expect(found.violations.filter((one) => one.rule === rule).map(({ from }) => from)).toContain(file);
  });

  it("let through what the picture allows", () => {
    const wrong = found.violations.filter(({ from }) => from in allowed);

    expect(wrong).toEqual([]);
  });

  it("have a test for every rule", async () => {
    const { default: rules } = await import(join(project, ".dependency-cruiser.mjs"));

    const names = rules.forbidden.map(({ name }: { name: string }) => name);

    expect(Object.keys(forbidden).sort()).toEqual(names.sort());
  });

  it("hold in the project", async () => {
    const { files, violations } = await boundaries(project);

    expect(violations).toEqual([]);
    expect(files).toBeGreaterThan(20);
  });
});

/** In a process of its own, as `npm run check` runs it. */
async function boundaries(root: string): Promise<Found> {
  const script = join(project, "test/run/boundaries.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, root, "--json"], {
    maxBuffer: 64 * 1024 * 1024,
  }).catch((failure: { stdout: string }) => failure);
  return JSON.parse(stdout) as Found;
}
