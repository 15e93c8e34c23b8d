import { execFileSync } from "node:child_process";
import { describe, expect, it } from "@jest/globals";
import { orderCreated } from "../../drills/orders/contracts.ts";
import { tryNext } from "../../drills/orders/try-next.ts";
import { decodeMessage, openEnvelope } from "../../src/contract/index.ts";

const lines = tryNext(
  { endpoint: "http://127.0.0.1:4566", region: "us-east-1", account: "000000000000" },
  Date.UTC(2026, 0, 1),
);

describe("tryNext", () => {
  it("gives three lines, each complete in itself", () => {
    expect(lines).toHaveLength(3);
    for (const { line } of lines) expect(line).not.toContain("\n");
    for (const { line } of lines.slice(0, 2)) {
      expect(line).toMatch(
        /^AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local .* aws --endpoint-url http:\/\/127\.0\.0\.1:4566 /,
      );
    }
  });

  it("publishes, as a shell reads it, an event that the consumers can open", async () => {
    const words = wordsOf(lines[0]?.line ?? "");
    const given = (flag: string) => words[words.indexOf(flag) + 1] ?? "";

    const [decoded] = decodeMessage(given("--message"));

    expect(given("--topic-arn")).toBe("arn:aws:sns:us-east-1:000000000000:shop-orders");
    expect(JSON.parse(given("--message-attributes"))).toEqual({
      type: { DataType: "String", StringValue: "order.created" },
    });
    const opened = decoded?.ok ? await openEnvelope(decoded.envelope, [orderCreated]) : decoded;
    expect(opened).toMatchObject({ ok: true });
  });
});

/** The words of a command as a shell splits them, without running it. */
function wordsOf(line: string): string[] {
  const command = line.slice(line.indexOf(" aws ") + 5);
  return execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" }).split("\n");
}
