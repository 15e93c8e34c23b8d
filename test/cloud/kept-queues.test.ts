import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { openFauxqs } from "../../local/cloud/engines/fauxqs.ts";
import type { Fauxqs } from "../../local/cloud/engines/fauxqs-inside.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";

const folder = temporaryFolder();

function open(dataDir: string): Promise<Fauxqs> {
  return openFauxqs({ region: "us-east-1", address: "http://127.0.0.1:1", dataDir });
}

function dataFolder(name: string): string {
  const made = join(folder, name);
  mkdirSync(made);
  return made;
}

function bodiesOf(fauxqs: Fauxqs): readonly string[] {
  const [queue] = fauxqs.queues.queues.values();
  return (queue?.inspectMessages().ready ?? []).map(
    (message) => (message as unknown as { body: string }).body,
  );
}

describe("queues in a data folder", () => {
  it("have every message that was answered for when the process was killed", async () => {
    const dataDir = dataFolder("killed");
    const script = fileURLToPath(new URL("./send-and-say.ts", import.meta.url));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (said.split("\n").length > 500) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");

    const fauxqs = await open(dataDir);
    const kept = new Set(bodiesOf(fauxqs));
    await fauxqs.close();

    const answered = said.split("\n").slice(0, -1);
    expect(child.signalCode).toBe("SIGKILL");
    expect(answered.length).toBeGreaterThanOrEqual(500);
    expect(answered.filter((number) => !kept.has(number))).toEqual([]);
  });

  it("do not wait for the disk with each message", async () => {
    const fauxqs = await open(dataFolder("unwaited"));

    const { db } = fauxqs.queues.persistence as { db: DatabaseSync };
    const { synchronous } = db.prepare("PRAGMA synchronous").get() as { synchronous: number };
    await fauxqs.close();

    // NORMAL: the disk is waited for when the log is copied into the file. FULL, the usual one, is 2.
    expect(synchronous).toBe(1);
  });

  it("have what an action had changed before it failed, and go on", async () => {
    const dataDir = dataFolder("failed");
    const first = await open(dataDir);
    const run = (action: string, body: object) =>
      first.sqsActions.get(action)?.(body, { headers: { host: "127.0.0.1:1" } });
    const { QueueUrl } = run("CreateQueue", { QueueName: "kept" }) as { QueueUrl: string };

    expect(() =>
      first.together(() => {
        run("SendMessage", { QueueUrl, MessageBody: "before" });
        throw new Error("no more");
      }),
    ).toThrow("no more");
    first.together(() => run("SendMessage", { QueueUrl, MessageBody: "after" }));
    await first.close();

    const second = await open(dataDir);
    expect(bodiesOf(second)).toEqual(["before", "after"]);
    await second.close();
  });
});
