import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "@jest/globals";
import { describeWith } from "../helpers/describe-with.ts";
import { eventually } from "../helpers/eventually.ts";

const room = join(import.meta.dirname, "../../local/tools/index.ts");

await describeWith(
  [
    { command: "java", for: "DynamoDB Local" },
    { command: "mvn", for: "DynamoDB Local" },
  ],
  "startDynamoDbLocal",
  () => {
    it("ends with the process that started it, also when that is killed", async () => {
      const script = `
        import { startDynamoDbLocal } from ${JSON.stringify(room)};
        console.log((await startDynamoDbLocal()).endpoint);
      `;
      const parent = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [endpoint = ""] = await lines(parent.stdout, 1);
      const isThere = () =>
        fetch(endpoint, { method: "POST" }).then(
          () => true,
          () => false,
        );
      expect(await isThere()).toBe(true);

      parent.kill("SIGKILL");

      await eventually("DynamoDB Local is gone", async () => !(await isThere()));
    }, 300_000);
  },
);

async function lines(from: NodeJS.ReadableStream, count: number): Promise<string[]> {
  const heard: string[] = [];
  for await (const line of createInterface({ input: from })) if (heard.push(line) === count) break;
  return heard;
}
