import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { programEnvironment } from "../../drills/frame/program-environment.ts";
import { cacheFolder, goBuild, mavenBuild, pythonVenv, requireCommands } from "../../local/tools/index.ts";

const folder = join(import.meta.dirname, "../../templates/publishers");
const languages = ["java", "go", "python", "typescript"] as const;

export type Language = (typeof languages)[number];

/** A publisher, built: what to start, and what to start to have it run vectors. */
export interface PublisherProgram {
  readonly language: Language;
  /** The file that a user copies. */
  readonly file: string;
  readonly publish: readonly string[];
  vectors(of: string): readonly string[];
}

/** What has ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const files: Readonly<Record<Language, string>> = {
  java: join(folder, "java/src/main/java/OrderPublisher.java"),
  go: join(folder, "go/order_publisher.go"),
  python: join(folder, "python/order_publisher.py"),
  typescript: join(folder, "typescript/order-publisher.ts"),
};

/** Builds all publishers, once per change of their files: the first time needs Maven, Go, pip and the network. */
export async function publisherPrograms(): Promise<readonly PublisherProgram[]> {
  await requireCommands([
    { command: "java", for: "the Java publisher" },
    { command: "mvn", for: "the Java publisher" },
    { command: "go", for: "the Go publisher" },
    { command: "python3", for: "the Python publisher" },
  ]);
  const requirements = readFileSync(join(folder, "python/requirements.txt"), "utf8").trim().split("\n");
  const [{ classpath }, go, { python }] = await Promise.all([
    mavenBuild({ project: join(folder, "java"), folder: cacheFolder("publisher-java") }),
    goBuild({ project: join(folder, "go"), folder: cacheFolder("publisher-go") }),
    pythonVenv({ folder: cacheFolder("publisher-python"), requirements }),
  ]);
  // Quick to start, and small: a publisher of a handful of orders does not live long enough for more.
  const java = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", classpath];
  const commands: Readonly<Record<Language, Pick<PublisherProgram, "publish" | "vectors">>> = {
    java: {
      publish: [...java, "Main"],
      vectors: (of) => [...java, join(folder, "java/vectors/Vectors.java"), of],
    },
    go: { publish: [go.program], vectors: (of) => ["env", `VECTORS=${of}`, go.tests] },
    python: {
      publish: [python, join(folder, "python/main.py")],
      vectors: (of) => [python, join(folder, "python/vectors.py"), of],
    },
    typescript: {
      publish: [process.execPath, join(folder, "typescript/main.ts")],
      vectors: (of) => [process.execPath, join(folder, "typescript/vectors.ts"), of],
    },
  };
  return languages.map((language) => ({ language, file: files[language], ...commands[language] }));
}

/** Runs a command to its end with `input`, in an environment that leads to no AWS but the one at `endpoint`. */
export async function runProgram(
  [program = "", ...words]: readonly string[],
  {
    endpoint,
    account = "local",
    input = "",
  }: { readonly endpoint: string; readonly account?: string; readonly input?: string },
): Promise<Ended> {
  const child: ChildProcess = spawn(program, words, {
    stdio: "pipe",
    env: {
      ...programEnvironment({ endpoint, region: "us-east-1" }),
      // Emulators take a key of twelve digits as the account.
      AWS_ACCESS_KEY_ID: account,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  // A program that ends before it has read its input is judged by its exit code.
  child.stdin?.on("error", () => undefined).end(input);
  const [code, out, err] = await Promise.all([ended, said(child.stdout), said(child.stderr)]);
  return { code, out, err };
}

function said(stream: ChildProcess["stdout"]): Promise<string> {
  return stream ? text(stream) : Promise.resolve("");
}
