import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { runTool } from "../../local/tools/index.ts";
import { packLibrary, project } from "../../package/index.ts";

/** What the library itself needs, and what an app of `bus new app` names. */
const packages = [
  ...["@standard-schema/spec", "cli-table3", "commander"],
  ...["@types/node", "aws-cdk-lib", "aws-cdk", "constructs", "esbuild", "typescript", "zod"],
  ...["@aws-sdk/client-dynamodb", "@aws-sdk/client-sns", "@aws-sdk/client-sqs", "@aws-sdk/client-sts"],
];

/**
 * Gives a user's project its packages, and `more`, without an install: the packed library, and links to this project's
 * own.
 */
export async function linkPackages(app: string, more: readonly string[] = []): Promise<void> {
  for (const name of [...packages, ...more]) {
    const place = join(app, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(project, "node_modules", name), place);
  }
  const library = join(app, "node_modules/omnibus-aws");
  mkdirSync(library);
  await runTool("tar", ["-xzf", await packLibrary(), "-C", library, "--strip-components=1"]);
}
