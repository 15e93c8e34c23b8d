import { enableCompileCache } from "node:module";
import { join } from "node:path";

/** Keeps what the engine has compiled of the CDK, for the next synth: loaded before the app, by the command in cdk.json. */
enableCompileCache(join(import.meta.dirname, "../.cache/compile"));
