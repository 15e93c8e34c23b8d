export { buildPackage } from "./build.ts";
export { compiled, copied } from "./contents.ts";
export { type Manifest, packageManifest } from "./manifest.ts";
export { packLibrary } from "./pack.ts";
export { project } from "./source-files.ts";
