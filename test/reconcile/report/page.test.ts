import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type JobReport, reportPage } from "../../../src/reconcile/index.ts";
import { html } from "../../../src/reconcile/report/html.ts";
import { durationText } from "../../../src/reconcile/report/text.ts";
import { hourMs } from "../books.ts";
import { deployedWorld } from "../deployed/deployed-world.ts";

const schema = new URL("../../../schema/reconcile-report.schema.json", import.meta.url);
const ajv = new Ajv2020({ validateFormats: false, allowUnionTypes: true });
const valid = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

const hostile = `"><script>alert('x')</script>&amp;\u202e\u0000</style>`;

/** A report with something in all of its places. */
async function aReport(): Promise<JobReport> {
  let fails = false;
  const { run, latest, clock } = deployedWorld({
    days: 1,
    wrong: ["transfer-7", "transfer-8", "transfer-9"],
    amountOf: ({ left }) => Number(left[0]?.fields.cents),
    given: { auto: { classes: ["missing-right"], atMost: { differences: 5 } } },
    repair: ({ key }) => {
      if (key === "transfer-8") throw new TypeError("no such account");
    },
    right: (right) => ({
      ...right,
      digest: (windows) => (fails ? Promise.reject(new Error("refused")) : right.digest(windows)),
    }),
  });
  await run();
  await clock.advance(hourMs);
  fails = true;
  await run();
  return latest();
}

describe("reconcile-report.schema.json", () => {
  it("is satisfied by what is written", async () => {
    const report = await aReport();

    expect(report).toMatchObject({
      unknownSpans: 1,
      open: { differences: 3, amount: 408 },
      repair: { counts: { failed: 1, unchanged: 2 } },
    });
    valid(report);
    expect(valid.errors).toBeNull();
  });

  it("needs all but what may be left out, and knows no other fields", async () => {
    const report = await aReport();

    for (const field of Object.keys(report)) {
      expect({ field, ok: valid({ ...report, [field]: undefined }) }).toEqual({
        field,
        ok: field === "compared" || field === "parts",
      });
    }
    expect(valid({ ...report, other: 1 })).toBe(false);
    expect(valid({ ...report, v: 2 })).toBe(false);
  });
});

describe("reportPage", () => {
  it("shows what is open, unknown, repaired and planned, for people", async () => {
    const page = reportPage(await aReport());

    for (const text of [
      "3 differences",
      "left has it (cents 119), right has not",
      "call the job&#39;s repair function",
      "digest failed (Error: refused)",
      "Repaired by itself, as far as the rule allows",
      "TypeError: no such account",
      "bus reconcile plan banks",
      "2026-01-01 07:00:55 UTC",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("draws a bar for each run and a dot for each age, with words for who points at them", async () => {
    const page = reportPage(await aReport());

    expect(page.match(/<g><title>2026-01-0\d /g)).toHaveLength(2);
    expect(page.match(/<circle class="dot/g)).toHaveLength(2);
    expect(page).toContain('<circle class="dot broken"');
    expect(page).toContain('aria-label="open differences after each run"');
  });

  it("needs no script and nothing from elsewhere, and lets nothing else through", async () => {
    const page = reportPage(await aReport());

    expect(page).not.toMatch(/<script|javascript:|\son\w+=|<link|<img|<iframe|@import|url\(|https?:/i);
    expect(page).not.toMatch(/\sstyle="/);
    const [, style = ""] = /<style>(.*)<\/style>/s.exec(page) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    expect(page).toContain(
      `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;;`,
    );
  });

  it("escapes whatever comes from the compared systems, wherever it stands", async () => {
    const report = await aReport();
    const text = JSON.stringify(report, (_, value: unknown) =>
      typeof value === "string" && !/^\d{4}-\d\d-\d\dT/.test(value) && !known.has(value) ? hostile : value,
    );

    const page = reportPage(JSON.parse(text) as JobReport);

    expect(page).not.toContain("<script");
    expect(page).not.toContain("\u202e");
    expect(page).not.toContain("\u0000");
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;\\u202e\\u0000");
  });

  it("says that nothing is open, where nothing was, rather than draw it", async () => {
    const { run, latest } = deployedWorld();
    await run();

    const page = reportPage(latest());

    expect(page).toContain('<span class="verdict agree">agree</span>');
    expect(page).toContain("Nothing was open after the last run.");
    expect(page).not.toContain("<svg");
    expect(page).not.toContain("Open differences");
  });

  it("tells why nothing is repaired any more, and how to go on", async () => {
    const report = await aReport();

    const page = reportPage({ ...report, repair: { status: "stopped", message: "twice" } });

    expect(page).toContain("Nothing is repaired by itself any more: twice");
    expect(page).toContain("bus reconcile resume banks");
  });
});

/** Values that the page chooses its words by. */
const known = new Set([
  "missing-right",
  "differ",
  "applied",
  "call",
  "repair",
  "repaired",
  "unchanged",
  "failed",
]);

describe("html", () => {
  it("escapes what is no HTML, also in lists, and leaves out what is not there", () => {
    const inner = html`<b>${"<i>"}</b>`;

    expect(html`<p title="${'"'}">${[inner, "&", undefined, 7]}</p>`.html).toBe(
      '<p title="&quot;"><b>&lt;i&gt;</b>&amp;7</p>',
    );
  });
});

describe("durationText", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [90_000, "1 min 30 s"],
    [3_600_000, "1 h"],
    [8_100_000, "2 h 15 min"],
    [86_400_000 * 4, "4 d"],
    [86_400_000 + 7_200_000, "1 d 2 h"],
    [1_400, "1 s"],
  ])("writes %d ms as %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
