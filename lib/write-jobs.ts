import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleJobs } from "./job-files.ts";

// A program, for whoever makes the package: writes the code of a bus's own functions into a folder.
const [, , folder = ""] = process.argv;
mkdirSync(folder, { recursive: true });
for (const [name, content] of bundleJobs()) writeFileSync(join(folder, name), content);
