import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";

const folder = join(import.meta.dirname, "../../lambdas");
const functions = readdirSync(folder).filter((file) => file.endsWith(".ts"));

/** What a function's file exports, in a process of its own with these settings. */
async function exported(file: string, settings: string | undefined): Promise<string> {
  const { OMNIBUS_JOB: _, ...environment } = process.env;
  const script = `import(${JSON.stringify(join(folder, file))}).then((made) => console.log(typeof made.handler))`;
  const env = settings === undefined ? environment : { ...environment, OMNIBUS_JOB: settings };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env });
  return stdout.trim();
}

describe.each(["archiver.ts", "delayer.ts", "journaler.ts", "relay.ts", "replayer.ts", "sealer.ts"])(
  "lambdas/%s",
  (file) => {
    it("makes a function of the stack's settings", async () => {
      const settings = { v: 1, bus: "shop", account: "000000000000", region: "us-east-1" };
      const times = { spanMs: 3_600_000, graceMs: 120_000, rawKeepMs: 604_800_000 };
      const outbox = { table: "shop-outbox", partitionKey: "pk", sortKey: "sk", prefix: "", graceMs: 60_000 };

      const delay = { roleArn: "arn:aws:iam::000000000000:role/shop" };

      expect(await exported(file, JSON.stringify({ ...settings, ...times, ...outbox, ...delay }))).toBe(
        "function",
      );
    });

    it("says what is missing without them", async () => {
      await expect(exported(file, undefined)).rejects.toThrow("the variable OMNIBUS_JOB is not set");
    });
  },
);

describe("the functions of a bus", () => {
  it("are composition only", () => {
    const lines = functions.map((file) => readFileSync(join(folder, file), "utf8").split("\n").length);

    expect(Math.max(...lines)).toBeLessThanOrEqual(30);
  });
});
