import { copyFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { buildPackage, packLibrary, project } from "./index.ts";

/** `npm run build`: the package's files, in `dist/`. `npm run pack`: the tarball, in `.cache/`. */
const word = process.argv[2];
if (word === "build") {
  await buildPackage(join(project, "dist"));
  console.log("dist/");
} else if (word === "pack") {
  const packed = await packLibrary();
  const tarball = join(project, ".cache", basename(packed));
  copyFileSync(packed, tarball);
  console.log(relative(project, tarball));
} else {
  console.error('say "build" or "pack"');
  process.exitCode = 2;
}
