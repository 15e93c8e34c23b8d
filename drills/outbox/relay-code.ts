import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import type { Construct } from "constructs";
import { buildSync } from "esbuild";

/** A relay that says where it is, as an asset: bundled as the bus's own functions are. Its handler is `index.handler`. */
export function relayCode(scope: Construct, entry: URL): Asset {
  const folder = mkdtempSync(join(tmpdir(), "omnibus-relay-"));
  try {
    buildSync({
      entryPoints: [fileURLToPath(entry)],
      outfile: join(folder, "index.mjs"),
      bundle: true,
      platform: "node",
      target: "node24",
      format: "esm",
      mainFields: ["module", "main"],
      // The AWS SDK is called where signed calls do not; parts of it are CommonJS.
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
      logLevel: "error",
    });
    return new Asset(scope, "RelayCode", { path: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
