import { cpSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Clock, systemClock } from "../../src/clock.ts";
import { machineEnvironment } from "../machine-environment.ts";
import { cacheFolder } from "./cache-folder.ts";
import { fingerprint } from "./fingerprint.ts";
import { withLock } from "./lock.ts";
import { makeOnce } from "./make-once.ts";
import { runTool } from "./run-tool.ts";
import { ToolsError } from "./tools-error.ts";

/** Named with its release, so that a pom need not. */
const copyDependencies = [
  "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
  "-DincludeScope=runtime",
  // A native library is found by its bare name alone.
  "-Dmdep.stripVersion=true",
];

/** Half the time of a short run: Java's second compiler only pays in long ones. */
const quickStart = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/** A Java program that was built. */
export interface MavenBuild {
  /** For `java -cp`. */
  readonly classpath: string;
  readonly folder: string;
}

/**
 * Fetches what a pom depends on into `folder` (jars and native libraries, named without versions), once: later calls
 * need neither network nor Maven, until the pom changes. Answers the folder.
 *
 * Throws `ToolsError` when Maven fails.
 */
export function mavenDependencies({
  pom,
  folder,
  clock = systemClock,
}: {
  /** The path of a `pom.xml`. */
  readonly pom: string;
  readonly folder: string;
  readonly clock?: Clock;
}): Promise<string> {
  return makeOnce({
    folder,
    recipe: readFileSync(pom, "utf8"),
    make: (into) => runMaven(["--file", pom, ...copyDependencies, `-DoutputDirectory=${into}`], clock),
    clock,
  });
}

/**
 * Builds a Maven project (`pom.xml`, `src/main`) in a copy below `folder`, once per change of its files. Nothing is
 * written into the project itself. Throws `ToolsError` with the compiler's words when it fails.
 *
 * @example
 * const { classpath } = await mavenBuild({ project: "templates/publishers/java", folder: cacheFolder("publisher-java") });
 * spawn("java", ["-cp", classpath, "PublishOrder"]);
 */
export async function mavenBuild({
  project,
  folder,
  clock = systemClock,
}: {
  readonly project: string;
  readonly folder: string;
  readonly clock?: Clock;
}): Promise<MavenBuild> {
  await makeOnce({
    folder,
    recipe: fingerprint(project, ["pom.xml", "src/main/**/*.*"]),
    make: async (into) => {
      cpSync(join(project, "pom.xml"), join(into, "pom.xml"));
      cpSync(join(project, "src"), join(into, "src"), { recursive: true });
      await runMaven(
        [
          ...["--file", join(into, "pom.xml"), "-Dmaven.test.skip=true", "compile"],
          ...[...copyDependencies, `-DoutputDirectory=${join(into, "lib")}`],
        ],
        clock,
      );
    },
    clock,
  });
  return { folder, classpath: [join(folder, "target/classes"), join(folder, "lib/*")].join(delimiter) };
}

/** First without the network: what was fetched once is enough, also on a machine that is cut off. */
async function runMaven(parameters: readonly string[], clock: Clock): Promise<void> {
  const environment = { MAVEN_OPTS: quickStart, ...machineEnvironment() };
  const run = (...more: string[]) =>
    runTool("mvn", ["--batch-mode", "--quiet", ...more, ...parameters], { environment });
  const offlineFirst = () =>
    run("--offline").catch((thrown: unknown) => {
      const isUnfetched = thrown instanceof ToolsError && thrown.message.includes("offline mode");
      if (isUnfetched) return run();
      throw thrown;
    });
  // Two Mavens that fill the same local repository at once spoil each other's files.
  await withLock(cacheFolder("maven.lock"), offlineFirst, clock);
}
