/**
 * Who may import whom (docs/architecture.md has the picture). Each rule is shown firing by test/house/boundaries.test.ts.
 *
 * Type-only imports count as imports: a room that only borrows types still depends on them.
 */

/** The rooms of src, and the rooms each may enter. One that is not listed may enter none. */
const mayEnter = {
  contract: [],
  telemetry: ["contract"],
  wire: [],
  plan: [],
  filter: [],
  digest: ["contract"],
  leases: [],
  segments: ["contract", "digest"],
  "claim-check": ["contract", "segments"],
  ledger: ["contract", "wire"],
  limits: ["contract", "wire"],
  breaker: ["telemetry", "wire"],
  probing: ["breaker", "telemetry"],
  governor: ["breaker", "leases", "probing", "telemetry"],
  parking: ["wire"],
  delay: ["contract", "wire"],
  delayer: ["contract", "delay", "publish", "telemetry"],
  publish: ["contract", "claim-check", "delay", "telemetry", "wire"],
  transaction: ["contract", "ledger", "wire"],
  consume: [
    "contract",
    "claim-check",
    "delay",
    "publish",
    "ledger",
    "transaction",
    "limits",
    "leases",
    "parking",
    "breaker",
    "probing",
    "telemetry",
  ],
  outbox: ["contract", "publish", "telemetry", "wire"],
  archive: ["contract", "publish", "segments", "telemetry"],
  journal: ["segments", "telemetry"],
  sealer: ["archive", "journal", "leases", "segments", "telemetry"],
  reconcile: [
    "contract",
    "digest",
    "publish",
    "ledger",
    "parking",
    "segments",
    "archive",
    "journal",
    "filter",
    "plan",
    "telemetry",
  ],
  replay: ["contract", "ledger", "limits", "segments", "archive", "filter", "telemetry", "wire"],
  stages: ["contract", "publish", "consume", "telemetry"],
};

const isPackage = (...names) => names.map((name) => `(^|node_modules/)${name}(/|$)`);

/** What runs in a user's function besides Omnibus: every entry costs cold start there. */
const packagesOfTheRuntime = isPackage("@aws-sdk/[^/]+", "@smithy/[^/]+", "@standard-schema/spec");

const peersOfTheBench = isPackage("@aws-lambda-powertools/[^/]+", "@message-queue-toolkit/[^/]+");

const roomOrder = Object.entries(mayEnter).map(([room, others]) => ({
  name: `src-${room}-enters`,
  comment: `src/${room} may enter ${others.length === 0 ? "no other room" : others.map((other) => `src/${other}`).join(", ")}.`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: "^src/[^/]+/", pathNot: [room, ...others].map((name) => `^src/${name}/`) },
}));

/** The floors above the runtime, and what each may not look at. */
const floors = {
  lambdas: ["lib", "local", "ops", "cli", "console", "drills", "bin"],
  local: ["lib", "lambdas", "ops", "cli", "console", "drills", "bin"],
  ops: ["lib", "lambdas", "local", "cli", "console", "drills", "bin"],
  console: ["lib", "lambdas", "cli", "drills", "bin"],
  drills: ["lambdas", "cli", "console", "bin"],
  cli: ["lib", "lambdas", "bin"],
  package: ["lib", "lambdas", "ops", "cli", "console", "drills", "bin"],
};

const floorOrder = Object.entries(floors).map(([floor, others]) => ({
  name: `${floor}-looks-down`,
  comment: `${floor}/ stands below or beside ${others.join(", ")}, and does not know them.`,
  severity: "error",
  from: { path: `^${floor}/` },
  to: { path: `^(${others.join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...roomOrder,
    {
      name: "src-unlisted-room",
      comment: "A new room in src gets its line in `mayEnter` first.",
      severity: "error",
      from: { path: `^src/(?!(?:${Object.keys(mayEnter).join("|")})/)([^/]+)/` },
      to: { path: "^src/[^/]+/", pathNot: "^src/$1/" },
    },
    {
      name: "src-leaves-enter-no-room",
      comment:
        "Names, settings, clock, errors, limits and the real cloud's domains are where everything else meets: they know no room.",
      severity: "error",
      from: {
        path: "^src/(clock|env|errors|job-settings|outbox-keys|limits-of-aws|name-rules|names|real-cloud)\\.ts$",
      },
      to: { path: "^src/([^/]+/|index\\.ts$)" },
    },
    {
      name: "src-knows-no-cdk",
      comment: "The runtime is bundled into functions: the CDK has no place there.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: isPackage("aws-cdk-lib", "constructs", "aws-cdk", "@aws-cdk/[^/]+") },
    },
    {
      name: "src-stands-alone",
      comment:
        "The runtime uses Node, the AWS SDK and the types of Standard Schema. Nothing else, no other folder.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        pathNot: ["^src/", ...packagesOfTheRuntime, ...isPackage("(@types/)?aws-lambda")],
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "src-aws-lambda-is-types",
      comment: "`aws-lambda` exists as types alone.",
      severity: "error",
      from: {},
      to: { path: isPackage("(@types/)?aws-lambda"), dependencyTypesNot: ["type-only"] },
    },
    ...floorOrder,
    {
      name: "lib-sees-names-only",
      comment: "Constructs meet the runtime in its names, settings, errors, limits, plan and metrics' names.",
      severity: "error",
      from: { path: "^lib/" },
      to: {
        path: "^(src|lambdas|local|ops|cli|console|drills|bin)/",
        pathNot: [
          "^src/(names|env|errors|limits-of-aws)\\.ts$",
          "^src/(plan|contract|limits|stages|telemetry)/index\\.ts$",
        ],
      },
    },
    {
      name: "lib-contract-types",
      comment:
        "Of contracts, limits and pipelines, constructs need the types; the objects come from the user.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^src/(contract|limits|stages)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "lib-calls-no-aws",
      comment: "Constructs describe; they never call.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: isPackage("@aws-sdk/[^/]+", "@smithy/[^/]+") },
    },
    {
      name: "room-by-its-index",
      comment: "From one room into another: through index.ts.",
      severity: "error",
      from: { path: "^((?:src|local)/[^/]+)/" },
      to: { path: "^(src|local)/[^/]+/", pathNot: ["^$1/", "^(src|local)/[^/]+/index\\.ts$"] },
    },
    {
      name: "rooms-by-their-index",
      comment: "From outside into a room: through index.ts. Tests may look at every file.",
      severity: "error",
      from: { pathNot: ["^(src|local)/[^/]+/", "^test/"] },
      to: { path: "^(src|local)/[^/]+/", pathNot: "^(src|local)/[^/]+/index\\.ts$" },
    },
    {
      name: "lib-by-its-index",
      comment: "The constructs are entered through lib/index.ts.",
      severity: "error",
      from: { pathNot: ["^lib/", "^test/"] },
      to: { path: "^lib/", pathNot: "^lib/index\\.ts$" },
    },
    {
      name: "nothing-needs-tests",
      comment: "Nothing outside test/ and bench/ needs them.",
      severity: "error",
      from: { pathNot: ["^test/", "^bench/"] },
      to: { path: "^(test|bench)/" },
    },
    {
      name: "test-bus-is-for-tests",
      comment: "local/testing is what users test with: the runtime of the local cloud does not stand on it.",
      severity: "error",
      from: { path: "^local/(?!testing/|sim/)" },
      to: { path: "^local/testing/" },
    },
    {
      name: "peers-in-bench",
      comment: "The libraries we measure ourselves against are used nowhere else.",
      severity: "error",
      from: { pathNot: "^(test/)?bench/" },
      to: { path: peersOfTheBench },
    },
    {
      name: "no-undeclared-package",
      comment: "What a user runs needs packages that package.json gives them: none of our own tools.",
      severity: "error",
      from: { path: "^(src|lib|lambdas|local|ops|cli|console)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm", "npm-peer", "npm-optional", "type-only"],
      },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "all-resolve",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API: swc reads the files.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["(^|/)cdk\\.out/", "^test/fixtures/", "^templates/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
    skipAnalysisNotInRules: true,
  },
};
