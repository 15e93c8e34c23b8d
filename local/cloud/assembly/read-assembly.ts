import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { localAccount } from "../local-account.ts";
import { LocalCloudError } from "../local-cloud-error.ts";
import type { Template } from "./template.ts";

/** A stack of the assembly. */
export interface StackTemplate {
  /** The artifact's id, which dependencies name. */
  readonly id: string;
  /** The CloudFormation name. */
  readonly name: string;
  readonly template: Template;
  /** Ids of the stacks that must stand before this one. */
  readonly dependencies: readonly string[];
  /** The region that the app fixed for it, if any. */
  readonly region?: string;
}

/** A file or folder that the app put beside its templates. */
export interface Asset {
  readonly path: string;
  /** `zip`: a folder, to be zipped on its way to AWS. `file`: as it is. */
  readonly packaging: "zip" | "file";
}

/** A synthesized CDK app, read from its folder: templates and assets. Nothing is known of the constructs behind it. */
export interface Assembly {
  readonly directory: string;
  readonly stacks: readonly StackTemplate[];
  /** Assets by the object key that templates name. */
  readonly assets: ReadonlyMap<string, Asset>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
  readonly missing?: readonly { readonly key: string }[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source?: { readonly path?: string; readonly packaging?: "zip" | "file" };
        readonly destinations?: Readonly<Record<string, { readonly objectKey?: string }>>;
      }
    >
  >;
}

/** Reads `manifest.json` and what it names, stages included. Throws `LocalCloudError` when the folder is no assembly. */
export function readAssembly(directory: string): Assembly {
  const stacks: StackTemplate[] = [];
  const assets = new Map<string, Asset>();
  readInto(resolve(directory), stacks, assets);
  if (stacks.length === 0) {
    throw new LocalCloudError("assembly-empty", `${directory} has no stack: the app declares none`);
  }
  return { directory: resolve(directory), stacks, assets };
}

function readInto(directory: string, stacks: StackTemplate[], assets: Map<string, Asset>): void {
  const manifest = readManifest(directory);
  const artifacts = manifest.artifacts ?? {};
  for (const [id, artifact] of Object.entries(artifacts)) {
    const { templateFile, stackName, file, directoryName } = artifact.properties ?? {};
    if (artifact.type === "aws:cloudformation:stack" && templateFile !== undefined) {
      const [account, region] = environmentOf(artifact);
      stacks.push({
        id,
        name: stackName ?? id,
        template: readTemplate(join(directory, templateFile), account),
        dependencies: (artifact.dependencies ?? []).filter(
          (other) => artifacts[other]?.type === "aws:cloudformation:stack",
        ),
        ...(region === undefined ? {} : { region }),
      });
    } else if (artifact.type === "cdk:asset-manifest" && file !== undefined) {
      readAssets(directory, file, assets);
    } else if (artifact.type === "cdk:cloud-assembly" && directoryName !== undefined) {
      readInto(join(directory, directoryName), stacks, assets);
    }
  }
}

function readManifest(directory: string): Manifest {
  const file = join(directory, "manifest.json");
  if (!existsSync(file)) {
    throw new LocalCloudError(
      "assembly-missing",
      `${directory} is no synthesized CDK app: it has no manifest.json; run cdk synth, or give the folder that it writes`,
    );
  }
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const missing = (manifest.missing ?? []).map(({ key }) => key);
  if (missing.length > 0) {
    throw new LocalCloudError(
      "assembly-context",
      `the app looks things up in a real account (${missing.join(", ")}): run cdk synth once with credentials, so that cdk.context.json holds them`,
    );
  }
  return manifest;
}

function readTemplate(file: string, account: string | undefined): Template {
  const text = readFileSync(file, "utf8");
  // An app that fixes its account writes the number into ARNs and names; here there is only one account.
  return JSON.parse(account === undefined ? text : text.replaceAll(account, localAccount)) as Template;
}

function readAssets(directory: string, file: string, assets: Map<string, Asset>): void {
  const manifest = JSON.parse(readFileSync(join(directory, file), "utf8")) as AssetManifest;
  for (const { source, destinations } of Object.values(manifest.files ?? {})) {
    if (source?.path === undefined) continue;
    const asset: Asset = { path: resolve(directory, source.path), packaging: source.packaging ?? "file" };
    for (const { objectKey } of Object.values(destinations ?? {})) {
      if (objectKey !== undefined) assets.set(objectKey, asset);
    }
  }
}

/** `aws://123456789012/eu-west-1`; what the app left open reads `unknown-account`, `unknown-region`. */
function environmentOf({
  environment = "",
}: Artifact): [account: string | undefined, region: string | undefined] {
  const [, account = "", region = ""] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  return [
    /^\d{12}$/.test(account) ? account : undefined,
    region === "" || region === "unknown-region" ? undefined : region,
  ];
}
