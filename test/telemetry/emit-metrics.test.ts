import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { emitMetrics, type MetricValues, metricUnits } from "../../src/telemetry/index.ts";

const timeMs = Date.UTC(2026, 0, 1);
const schema = JSON.parse(readFileSync(new URL("../../schema/metrics.schema.json", import.meta.url), "utf8"));
const valid = new Ajv2020({ strictTuples: false }).compile(schema);

function lines(values: MetricValues): Record<string, unknown>[] {
  const written: string[] = [];
  emitMetrics({
    dimensions: { Bus: "shop", Consumer: "LockStock" },
    timeMs,
    values,
    sink: (line) => written.push(line),
  });
  return written.map((line) => JSON.parse(line));
}

describe("emitMetrics", () => {
  it("writes one line that CloudWatch reads as metrics", () => {
    expect(lines({ Handled: 2, HandlerMs: [12, 15] })).toEqual([
      {
        _aws: {
          Timestamp: timeMs,
          CloudWatchMetrics: [
            {
              Namespace: "Omnibus",
              Dimensions: [["Bus", "Consumer"]],
              Metrics: [
                { Name: "Handled", Unit: "Count" },
                { Name: "HandlerMs", Unit: "Milliseconds" },
              ],
            },
          ],
        },
        Bus: "shop",
        Consumer: "LockStock",
        Handled: 2,
        HandlerMs: [12, 15],
      },
    ]);
  });

  it("runs on into further lines beyond 100 values, repeating nothing", () => {
    const measured = Array.from({ length: 250 }, (_, index) => index);

    const written = lines({ Handled: 250, HandlerMs: measured });

    expect(written.map((line) => line.Handled)).toEqual([250, undefined, undefined]);
    expect(written.map((line) => (line.HandlerMs as number[]).length)).toEqual([100, 100, 50]);
    expect(written.flatMap((line) => line.HandlerMs)).toEqual(measured);
  });

  it("leaves out what is no number, and writes nothing without values", () => {
    expect(lines({ Handled: Number.NaN, HandlerMs: [] })).toEqual([]);
    expect(lines({ HandlerMs: [Number.POSITIVE_INFINITY, 3] })[0]).toMatchObject({ HandlerMs: 3 });
  });

  it("writes what its schema says, for every metric", () => {
    for (const name of Object.keys(metricUnits)) {
      for (const line of lines({ [name]: 1 })) expect([name, valid(line)]).toEqual([name, true]);
    }
    for (const line of lines({ HandlerMs: Array(101).fill(1) })) expect(valid(line)).toBe(true);
    expect(valid({ ...lines({ Handled: 1 })[0], Bus: 7 })).toBe(false);
  });
});
