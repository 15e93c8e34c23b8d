import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Finding, fail, ok, warn } from "./finding.ts";

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The versions that must go together, as found from the folder of a CDK app. `undefined` is not installed. */
export interface Versions {
  readonly node: string;
  readonly "omnibus-aws": string | undefined;
  readonly "aws-cdk-lib": string | undefined;
  readonly "aws-cdk": string | undefined;
}

const own = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest;
/** The first CLI that is known to read the assemblies of our least aws-cdk-lib; 3.0.0 cannot. */
const cli = { least: "2.1148.1", below: "3.0.0" };

/** Reads them where npm has put them. */
export function readVersions(directory: string): Versions {
  const find = createRequire(join(directory, "package.json"));
  const versionOf = (name: string) => {
    try {
      return (JSON.parse(readFileSync(find.resolve(`${name}/package.json`), "utf8")) as Manifest).version;
    } catch {
      return undefined;
    }
  };
  return {
    node: process.versions.node,
    "omnibus-aws": versionOf("omnibus-aws"),
    "aws-cdk-lib": versionOf("aws-cdk-lib"),
    "aws-cdk": versionOf("aws-cdk"),
  };
}

/** Whether they go together. */
export function judgeVersions(versions: Versions): readonly Finding[] {
  const leastNode = numberIn(own.engines.node);
  const leastLib = numberIn(own.peerDependencies["aws-cdk-lib"] ?? "");
  return [
    isBelow(versions.node, leastNode)
      ? fail("node", `Node ${versions.node} is too old`, `install ${leastNode} or later; Lambda has 24`)
      : ok("node", `Node ${versions.node}`),
    judgeOwn(versions["omnibus-aws"]),
    judgePackage("aws-cdk-lib", versions["aws-cdk-lib"], { least: leastLib, below: "3.0.0" }),
    judgePackage("aws-cdk", versions["aws-cdk"], cli),
  ];
}

/** This one runs; another one in the app would write other settings than this one reads. */
function judgeOwn(inApp: string | undefined): Finding {
  if (inApp === undefined || inApp === own.version) return ok("omnibus-aws", `omnibus-aws ${own.version}`);
  return warn(
    "omnibus-aws",
    `this is omnibus-aws ${own.version}, and the app has ${inApp}`,
    "run npx bus in the app's folder",
  );
}

function judgePackage(
  name: "aws-cdk-lib" | "aws-cdk",
  version: string | undefined,
  { least, below }: { readonly least: string; readonly below: string },
): Finding {
  if (version === undefined) {
    return warn(
      name,
      `${name} is not installed here: nothing can be deployed from this folder`,
      `npm install ${name}@^${least}`,
    );
  }
  if (isBelow(version, least) || !isBelow(version, below)) {
    return fail(
      name,
      `${name} ${version} does not fit: ${least} or later is needed, below ${below}`,
      `npm install ${name}@^${least}`,
    );
  }
  return ok(name, `${name} ${version}`);
}

function numberIn(range: string): string {
  return /\d+(\.\d+)*/.exec(range)?.[0] ?? "0";
}

function isBelow(version: string, limit: string): boolean {
  const [have, need] = [version, limit].map((text) => text.split(/[.-]/).map(Number));
  for (const [place, needed] of (need ?? []).entries()) {
    const has = have?.[place] ?? 0;
    if (has !== needed) return has < needed;
  }
  return false;
}
