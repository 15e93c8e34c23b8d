import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./step.ts";

/** The part of a package-lock.json (version 3) that matters here. */
export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An optional package that another one names, and that the lockfile has no entry for. */
interface Missing {
  readonly by: string;
  readonly name: string;
  readonly version: string;
}

const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos"];
const processors = ["arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const armVariants = ["arm", "armv7", "gnueabihf", "musleabihf", "eabi"];

/**
 * Optional packages that are named and not locked. `npm ci` fails on each of them; `npm install` leaves them out
 * where the registry at hand does not have another platform's binary.
 */
export function missingOptional({ packages }: Lockfile): readonly Missing[] {
  return Object.entries(packages).flatMap(([by, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !placesOf(by, name).some((place) => place in packages))
      .map(([name, version]) => ({ by, name, version })),
  );
}

/** Adds an entry for each of them, with the platform that its name tells. Throws where the name tells none. */
export function complete(lockfile: Lockfile): Lockfile {
  const { packages } = lockfile;
  const added = missingOptional(lockfile).map(({ by, name, version }) => {
    const words = name.split("/").at(-1)?.split(/[-.]/) ?? [];
    const os = words.includes("win32") ? ["win32"] : systems.filter((system) => words.includes(system));
    const arm = words.some((word) => armVariants.includes(word)) ? ["arm"] : [];
    const cpu = [...processors.filter((processor) => words.includes(processor)), ...arm].slice(0, 1);
    if (!/^\d+\.\d+\.\d+/.test(version) || cpu.length + os.length === 0) {
      throw new Error(`${by} names ${name}@${version}, which tells no platform: lock it by hand`);
    }
    const libc = words.includes("musl")
      ? ["musl"]
      : os.includes("linux") && words.includes("gnu")
        ? ["glibc"]
        : [];
    const entry: LockedPackage = {
      version,
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(packages[by]?.dev === false ? {} : { dev: true }),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    return [`node_modules/${name}`, entry] as const;
  });
  const all = [...Object.entries(packages), ...added];
  return { ...lockfile, packages: Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, "en"))) };
}

/** Where npm may have put a package that the one at `by` needs: beside it, or further up. */
function placesOf(by: string, name: string): readonly string[] {
  const places = [`${by === "" ? "" : `${by}/`}node_modules/${name}`];
  for (let at = by.lastIndexOf("node_modules/"); at >= 0; at = by.lastIndexOf("node_modules/", at - 1)) {
    places.push(`${by.slice(0, at)}node_modules/${name}`);
    if (at === 0) break;
  }
  return places;
}

if (import.meta.main) {
  const file = join(project, "package-lock.json");
  const lockfile = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
  const missing = missingOptional(lockfile).length;
  if (missing > 0) writeFileSync(file, `${JSON.stringify(complete(lockfile), null, 2)}\n`);
  console.log(`${missing} optional packages of other platforms added to the lockfile`);
}
