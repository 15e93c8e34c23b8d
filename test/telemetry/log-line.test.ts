import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type LogFields, logLine } from "../../src/telemetry/index.ts";

const timeMs = Date.UTC(2026, 0, 1);
const schema = JSON.parse(readFileSync(new URL("../../schema/log.schema.json", import.meta.url), "utf8"));
const valid = new Ajv2020({ validateFormats: false, allowUnionTypes: true }).compile(schema);

function write(fields: LogFields): string {
  const written: string[] = [];
  logLine("info", fields, { timeMs, sink: (line) => written.push(line) });
  expect(written).toHaveLength(1);
  return written.join("");
}

describe("logLine", () => {
  it("writes level, time and the fields as one JSON line", () => {
    expect(write({ outcome: "handled", attempts: 1, late: false })).toBe(
      '{"level":"info","time":"2026-01-01T00:00:00.000Z","outcome":"handled","attempts":1,"late":false}',
    );
  });

  it("keeps every control character from the terminal, and the text whole", () => {
    const hostile = "a\n\u001b[2J\u009b31m\u2028\u202eb\u007f";

    const line = write({ message: hostile });

    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(line).message).toBe(hostile);
  });

  it("cannot have its level or time overwritten", () => {
    expect(JSON.parse(write({ level: "error", time: "never" }))).toEqual({
      level: "info",
      time: "2026-01-01T00:00:00.000Z",
    });
  });

  it("cuts long text and says how long it was", () => {
    expect(JSON.parse(write({ message: "x".repeat(5_000) })).message).toMatch(
      /^x{2000}… \(5000 characters\)$/,
    );
  });

  it("writes what its schema says", () => {
    expect(valid(JSON.parse(write({ a: "b", c: 1, d: null, e: undefined })))).toBe(true);
    expect(valid({ level: "info", time: "x", data: { nested: true } })).toBe(false);
  });
});
