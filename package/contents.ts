/** Folders whose TypeScript becomes JavaScript and declarations; that of `lambdas` one bundle. Drills, benches and tests stay in the project. */
export const compiled: readonly string[] = ["bin", "cli", "lambdas", "lib", "local", "ops", "src"];

/** What goes in as it is: a file, or all of a folder that git knows or would add. */
export const copied: readonly string[] = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "ops/guards/guards.json",
  "python/omnibus/",
  "schema/",
  "templates/",
];

/** What else decides about the package's content. */
export const recipe: readonly string[] = ["package.json", "package/", "tsconfig.build.json", "tsconfig.json"];
