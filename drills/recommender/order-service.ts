import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { cacheFolder, mavenBuild } from "../../local/tools/index.ts";

const template = fileURLToPath(new URL("../../templates/publishers/java/", import.meta.url));
const own = fileURLToPath(new URL("./service/OrderService.java", import.meta.url));
const file = fileURLToPath(new URL("../orders/data/cdnow-orders.csv.gz", import.meta.url));

/** Of what a service complains of, as much as helps. */
const keptCharacters = 4_000;

/** The order service in Java, running. */
export interface OrderService {
  /** What SNS has taken so far. */
  readonly counts: { readonly orders: number; readonly duplicates: number };
  /** Lets so many more customers place an order. */
  allow(orders: number): void;
  /** Resolves when all orders are published; rejects with what the service said when it fails. */
  readonly ended: Promise<void>;
  /** Ends it at once, if it still runs. */
  stop(): Promise<void>;
}

/**
 * Builds the order service once, as a user would: the template's project with one file more. Answers the class path.
 * Throws `ToolsError` with the compiler's words when it fails.
 */
export async function buildOrderService(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), "omnibus-order-service-"));
  try {
    await cp(template, project, { recursive: true });
    await cp(own, join(project, "src/main/java/OrderService.java"));
    const { classpath } = await mavenBuild({ project, folder: cacheFolder("order-service") });
    return classpath;
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** Starts the order service. It ends with this process, also when that is killed: it listens to its standard input. */
export function startOrderService({
  classpath,
  environment,
  topicArn,
  orders,
  sentTwice,
  seed,
}: {
  readonly classpath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly topicArn: string;
  readonly orders: number;
  readonly sentTwice: number;
  readonly seed: number;
}): OrderService {
  const machine = ["-XX:+UseSerialGC", "-Xmx256m", "-cp", classpath];
  const words = [topicArn, file, String(orders), String(sentTwice), String(seed)];
  const child: ChildProcess = spawn("java", [...machine, "OrderService", ...words], {
    stdio: "pipe",
    env: { ...environment },
  });
  const counts = { orders: 0, duplicates: 0 };
  let complaint = "";
  child.stderr?.on("data", (chunk) => {
    complaint = (complaint + chunk).slice(-keptCharacters);
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      // Two calls may end at once and tell in either order: the greater counts are the later ones.
      const told = JSON.parse(line) as typeof counts;
      counts.orders = Math.max(counts.orders, told.orders);
      counts.duplicates = Math.max(counts.duplicates, told.duplicates);
    });
  }
  // It may end before it has read all: then its exit code tells.
  child.stdin?.on("error", () => undefined);
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const ended = closed.then((code) => {
    if (code !== 0) throw new Error(`the order service failed (exit code ${code}):\n${complaint.trim()}`);
  });
  // Whoever waits for it hears of a failure; nobody may wait yet.
  ended.catch(() => undefined);
  return {
    counts,
    allow: (more) => child.stdin?.write(`${more}\n`),
    ended,
    async stop() {
      child.kill("SIGKILL");
      await closed.catch(() => undefined);
    },
  };
}
