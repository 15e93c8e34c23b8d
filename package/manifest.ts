/** The parts of a `package.json` that a package is made of. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly [field: string]: unknown;
}

/** What only the project needs: its commands, its tools, and the lock that keeps it from being published as it is. */
const ofTheProject = ["private", "scripts", "devDependencies", "optionalDependencies", "allowScripts"];

/**
 * The package's `package.json`, made of the project's: sources become what they are compiled to, and the local engines,
 * which the project installs for itself, become peers that may be missing.
 */
export function packageManifest(project: Manifest): Record<string, unknown> {
  const { optionalDependencies: engines = {}, peerDependencies = {}, peerDependenciesMeta = {} } = project;
  const kept = Object.entries(project).filter(([field]) => !ofTheProject.includes(field));
  return {
    ...Object.fromEntries(kept),
    sideEffects: false,
    bin: mapValues(project.bin, compiledName),
    exports: mapValues(project.exports, exported),
    peerDependencies: sorted({ ...peerDependencies, ...engines }),
    peerDependenciesMeta: sorted({
      ...peerDependenciesMeta,
      ...mapValues(engines, () => ({ optional: true })),
    }),
  };
}

function exported(source: string): unknown {
  if (!source.endsWith(".ts")) return source;
  return { types: source.replace(/\.ts$/, ".d.ts"), default: compiledName(source) };
}

function compiledName(source: string): string {
  return source.replace(/\.ts$/, ".js");
}

function mapValues<Value, Other>(
  from: Readonly<Record<string, Value>>,
  change: (value: Value) => Other,
): Record<string, Other> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}

function sorted<Value>(from: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(from).sort(([one], [other]) => (one < other ? -1 : 1)));
}
