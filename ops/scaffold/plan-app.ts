import { existsSync, readdirSync, type Stats, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { busNamePattern, ledgerTableName } from "../../src/names.ts";
import type { NewFile } from "./new-file.ts";
import { ScaffoldError } from "./scaffold-error.ts";
import { fillIn, templateFolder } from "./templates.ts";

/** What `planApp` takes. */
export interface AppPlanOptions {
  /** Where the app goes: a folder that is empty, or not there yet. */
  readonly directory: string;
  /** The bus's name. @default made from the folder's name */
  readonly name?: string;
  /** What package.json asks npm for: a range, or the path of a packed tarball. @default "^0.1.0" */
  readonly library?: string;
}

/** A new app: its folder, its bus and its files. */
export interface AppPlan {
  readonly directory: string;
  readonly bus: string;
  readonly files: readonly NewFile[];
}

/** Names that npm would keep for itself, or leave out of a package. */
const renamed: Readonly<Record<string, string>> = {
  "_package.json": "package.json",
  _gitignore: ".gitignore",
};

/**
 * Plans a complete small CDK app, and writes nothing. Throws `SettingsError` (`bus-name`) for a name that
 * `new EventBus(…)` would refuse, and `ScaffoldError` (`not-empty`) for a folder with something in it.
 */
export function planApp({ directory: given, name, library = "^0.1.0" }: AppPlanOptions): AppPlan {
  const directory = resolve(given);
  const bus = name ?? busNameFrom(basename(directory));
  ledgerTableName(bus);
  refuseNonEmpty(directory);
  // DynamoDB for the local cloud is one program a platform: the one of this machine.
  const words = { shop: bus, "^0.1.0": specOf(library), "linux-x64": `${process.platform}-${process.arch}` };
  const files = [...templateFolder("app")].map(([path, text]) => ({
    path: renamed[path] ?? path,
    text: fillIn(text, words),
  }));
  return { directory, bus, files };
}

/** `my-shop` → `myshop`. */
function busNameFrom(folder: string): string {
  const made = folder
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replace(/^[0-9]+/, "")
    .slice(0, 20);
  if (busNamePattern.test(made)) return made;
  throw new ScaffoldError(
    "bus-name",
    `no name for the bus can be made from the folder's name ${JSON.stringify(folder)}: give one with --name, as in "--name shop"`,
  );
}

/** `undefined` also for what cannot be looked at: writing there tells why. */
function statIfAny(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** git's own folder may be there: who begins with `git init` begins with nothing else. */
function refuseNonEmpty(directory: string): void {
  const there = statIfAny(directory);
  if (there === undefined) return;
  if (!there.isDirectory()) {
    throw new ScaffoldError(
      "not-a-folder",
      `${directory} is a file; nothing was written: give a new or empty folder`,
    );
  }
  const present = readdirSync(directory).filter((name) => name !== ".git");
  if (present.length === 0) return;
  const shown =
    present.slice(0, 5).join(", ") + (present.length > 5 ? `, and ${present.length - 5} more` : "");
  throw new ScaffoldError(
    "not-empty",
    `${directory} is not empty (${shown}); nothing was written: give a new or empty folder`,
  );
}

/** A path is told to npm as one, from wherever the app lies; all else is npm's own to read. */
function specOf(library: string): string {
  if (existsSync(library)) return `file:${resolve(library)}`;
  if (!/^(\.|\/)|\.tgz$/.test(library) || /^\w+:/.test(library)) return library;
  throw new ScaffoldError(
    "package-missing",
    `${library} is no file; give a packed tarball that is there, or what npm takes, as in "^0.1.0"`,
  );
}
