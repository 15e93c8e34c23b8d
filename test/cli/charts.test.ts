import { describe, expect, it } from "@jest/globals";
import { barChart, chartData, lineChart, svgChart } from "../../cli/chart/index.ts";
import type { AnswerColumn, Cell } from "../../ops/query/index.ts";

const column = (name: string, type = "VARCHAR"): AnswerColumn => ({ name, type });
const byType = [column("type"), column("events", "BIGINT")];
const byMinute = [column("minute", "TIMESTAMP"), column("events", "BIGINT")];
const minute = (n: number) => `2026-11-27T01:${String(n).padStart(2, "0")}:00Z`;

describe("chartData", () => {
  it("puts a time series in its order, and leaves out rows without a time", () => {
    const data = chartData(byMinute, [
      [minute(2), 3],
      [null, 9],
      [minute(0), 1],
      [minute(1), null],
    ]);

    expect(data.labels).toEqual([minute(0), minute(1), minute(2)]);
    expect(data.timesMs?.map((ms) => ms - (data.timesMs?.[0] ?? 0))).toEqual([0, 60_000, 120_000]);
    expect(data.series).toEqual([{ name: "events", values: [1, undefined, 3] }]);
  });

  it("leaves other rows in theirs, reads numbers that are text, and draws every column of numbers", () => {
    const columns = [...byType, column("note"), column("huge", "HUGEINT")];

    const data = chartData(columns, [
      ["b", 2, "x", "12345678901234567890"],
      [null, 1, "y", 3],
    ]);

    expect(data.labels).toEqual(["b", "–"]);
    expect(data.timesMs).toBeUndefined();
    expect(data.series.map(({ name }) => name)).toEqual(["events", "huge"]);
    expect(data.series[1]?.values).toEqual([Number("12345678901234567890"), 3]);
  });

  it.each([
    [[column("n", "BIGINT")], [[1]], "nothing to draw"],
    [[column("a"), column("b")], [["x", "y"]], "nothing to draw"],
    [byType, [], "nothing to draw"],
    [byType, Array.from({ length: 10_001 }, () => ["x", 1]), "10001 rows are too many; 10000 are allowed"],
  ] satisfies [AnswerColumn[], Cell[][], string][])(
    "refuses what is no chart: %j",
    (columns, rows, words) => {
      expect(() => chartData(columns, rows)).toThrow(words);
    },
  );
});

describe("barChart", () => {
  it("draws bars to scale, labels to the left, values to the right", () => {
    const text = barChart(
      chartData(byType, [
        ["order.created", 1_000],
        ["order.paid", 500],
        ["none", 0],
        ["unknown", null],
      ]),
      50,
    );

    expect(text.split("\n")).toEqual([
      `order.created  ${"█".repeat(28)}  1,000`,
      `order.paid     ${"█".repeat(14)}${" ".repeat(14)}    500`,
      `none           ${" ".repeat(28)}      0`,
      "unknown",
    ]);
  });

  it("draws what is below 0 to the left of it", () => {
    const text = barChart(
      chartData(byType, [
        ["up", 10],
        ["down", -10],
      ]),
      35,
    );

    const [up = "", down = ""] = text.split("\n");
    expect(up.indexOf("█")).toBe(down.lastIndexOf("█") + 1);
    expect([up, down].map((row) => row.match(/█/g)?.length)).toEqual([12, 12]);
  });

  it("names each series, and lets no text from outside forge a row", () => {
    const text = barChart(
      chartData([...byType, column("dead", "BIGINT")], [[`a\nb \u001b[2J${"x".repeat(60)}`, 2, 1]]),
      60,
    );

    expect(text.split("\n")).toHaveLength(2);
    expect(text).toMatch(/^a b \[2Jx{22,}… {2}█+ +2$/m);
    expect(text).not.toContain("\u001b");
  });
});

describe("lineChart", () => {
  const lines = (rows: Cell[][], width = 40) => lineChart(chartData(byMinute, rows), width).split("\n");

  it("draws a line from the first to the last time, between the least and the most", () => {
    const drawn = lines(Array.from({ length: 11 }, (_, n) => [minute(n), n * 10]));

    expect(drawn).toHaveLength(12);
    expect(drawn[0]).toBe("events");
    expect(drawn[1]).toMatch(/^100 ┤[⠀-⣿]+$/);
    expect(drawn[10]).toMatch(/^ {2}0 ┤[⠀-⣿]+$/);
    expect(drawn[11]).toMatch(new RegExp(`^ {5}${minute(0)} +${minute(10)}$`));
    // Up and to the right: each row begins where the one below has ended, or before.
    const begins = drawn.slice(1, 11).map((row) => row.replace(/⠀/g, " ").search(/[⠁-⣿]/));
    expect(begins).toEqual([...begins].sort((a, b) => b - a));
    expect(new Set(begins).size).toBeGreaterThan(8);
  });

  it("draws what stays the same as one flat line, and a single row as one dot", () => {
    const rows = (drawn: readonly string[]) => drawn.slice(1, 11).filter((row) => /[⠁-⣿]/.test(row));

    expect(rows(lines([0, 1, 2].map((n) => [minute(n), 7])))).toHaveLength(1);
    expect(rows(lines([[minute(0), 7]]))).toHaveLength(1);
  });
});

describe("svgChart", () => {
  it("draws bars for labels and a line for times, with axes", async () => {
    const bars = await svgChart(
      chartData(byType, [
        ["order.created", 3],
        ["order.paid", 1],
      ]),
    );
    const line = await svgChart(
      chartData(
        byMinute,
        [0, 1, 2, 3].map((n) => [minute(n), n]),
      ),
    );

    for (const svg of [bars, line]) {
      expect(svg).toMatch(/^<svg width="960" height="540" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(isWellFormed(svg)).toBe(true);
      expect(svg).toContain(">events</text>");
    }
    expect(bars).toContain(">order.created</text>");
    expect(line).toContain(">01:01</text>");
  });

  it("is well-formed whatever the labels are", async () => {
    expect(["<a><b></a>", "<a/><b/>", "<a>&</a>", '<a b="<"/>'].map(isWellFormed)).toEqual(
      Array(4).fill(false),
    );
    const svg = await svgChart(
      chartData(
        [column("<x>"), column("a & b", "BIGINT")],
        [[`<script>alert("1")</script> & \u0001 ]]> '`, 3]],
      ),
    );

    expect(isWellFormed(svg)).toBe(true);
    expect(svg).not.toContain("<script");
  });

  it("says in one line what to install where ECharts is missing", async () => {
    const missing = Object.assign(new Error("Cannot find package 'echarts' imported from …"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    const data = chartData(byType, [["a", 1]]);

    await expect(svgChart(data, async () => Promise.reject(missing))).rejects.toThrow(
      "--chart with a file draws with ECharts, which is not installed: npm install --save-dev echarts@6.1.0",
    );
  });
});

/** Whether every tag is closed in its order, and no text or attribute holds what it may not. (XML 1.0, sections 2 and 3) */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  let roots = 0;
  const tag =
    /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|<\?[^>]*\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g;
  let text = "";
  let from = 0;
  for (const found of xml.matchAll(tag)) {
    text += xml.slice(from, found.index);
    from = found.index + found[0].length;
    const [, isEnd, name, attributes = "", isEmpty] = found;
    if (name === undefined) continue;
    text += attributes;
    if (isEnd) {
      if (open.pop() !== name) return false;
    } else {
      if (open.length === 0) roots++;
      if (!isEmpty) open.push(name);
    }
  }
  text += xml.slice(from);
  const isClean =
    !text.includes("<") &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
    !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) &&
    !/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/.test(text);
  return roots === 1 && open.length === 0 && isClean;
}
