import Table from "cli-table3";
import { whole } from "../frame/whole.ts";
import type { FullSize } from "./full-size.ts";
import type { Played } from "./play-all.ts";

/** What became of all drills, for people: a line each, then why those that failed did. */
export function tableOf(played: readonly Played[], drills: readonly FullSize[]): string {
  const table = new Table({
    head: ["drill", "pass", "seconds", "figures"],
    colAligns: ["left", "left", "right", "left"],
    style: { head: [], border: [] },
  });
  const figuresOf = new Map(drills.map(({ name, figures }) => [name, figures]));
  for (const { name, pass, seconds, result } of played) {
    const figures = (figuresOf.get(name) ?? []).map((figure) => `${figure} ${shown(result?.[figure])}`);
    table.push([name, pass ? "yes" : "NO", seconds.toFixed(1), figures.join(", ")]);
  }
  const reasons = played
    .filter(({ pass }) => !pass)
    .flatMap(({ name, result }) => {
      const findings = Array.isArray(result?.findings) ? result.findings : ["it ended without a result"];
      return findings.map((finding) => `  ${name}: ${String(finding)}`);
    });
  return [table.toString(), ...reasons].join("\n");
}

function shown(figure: unknown): string {
  if (typeof figure !== "number") return figure === undefined ? "–" : String(figure);
  return Number.isInteger(figure) ? whole(figure) : String(Math.round(figure * 1_000) / 1_000);
}
