import { isAbsolute, join, relative } from "node:path";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { explainNames } from "./explain-names.ts";

/** `bus new app <dir>`: a complete small CDK app. */
export const newApp = command({
  name: "app",
  summary: "write a complete small CDK app into a new or empty folder: bus, consumer, publisher, tests",
  details: [
    "Nothing is installed and nothing is run: the next steps are printed. The bus is named after the folder.",
    "",
    "Examples:",
    "  bus new app shop",
    "  bus new app . --name shopdev",
    "  bus new app shop --package ./omnibus-aws-0.1.0.tgz",
  ].join("\n"),
  arguments: { folder: { value: "<dir>", summary: "where to: a folder that is empty, or not there yet" } },
  options: {
    name: { value: "<bus>", summary: "the bus's name (default: made from the folder's)" },
    package: {
      value: "<spec>",
      summary: "where npm gets omnibus-aws from: a range, or a packed tarball",
      fallback: "^0.1.0",
    },
    "dry-run": { summary: "print what would be written, and write nothing" },
    json: { summary: "print what was written as one line of JSON" },
  },
  run: async (terminal, { folder, name, package: library, "dry-run": dryRun, json }) => {
    // Loaded here, so that `bus --help` does not wait for it.
    const { planApp, writeFiles } = await import("../../ops/scaffold/index.ts");
    const path = (given: string) => (isAbsolute(given) ? given : join(terminal.directory, given));
    const { directory, bus, files } = await explainNames(async () =>
      planApp({
        directory: path(folder),
        ...(name === undefined ? {} : { name }),
        // A path is meant from here, wherever the app goes.
        library: library.startsWith(".") || library.endsWith(".tgz") ? path(library) : library,
      }),
    );
    if (!dryRun) writeFiles(directory, files);
    const next = nextSteps(terminal, directory);
    if (json) {
      const paths = files.map((file) => file.path);
      terminal.printJson({ directory, bus, files: paths, written: !dryRun, next });
      return exitCodes.done;
    }
    terminal.say(`${dryRun ? "would write" : "wrote"} the bus ${bus} into ${directory}:`);
    for (const file of files) terminal.say(`  ${file.path}`);
    terminal.print(["", "next:", ...next.map((line) => `  ${line}`)].join("\n"));
    return exitCodes.done;
  },
});

function nextSteps(terminal: Terminal, directory: string): readonly string[] {
  const there = relative(terminal.directory, directory);
  return [there === "" ? "npm install" : `cd ${quoted(there)} && npm install`, "npm test", "npm start"];
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
