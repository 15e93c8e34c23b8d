import { differenceClasses } from "../../env.ts";
import { at } from "./chart-frame.ts";
import { type Html, html } from "./html.ts";
import type { JobReport } from "./job-report.ts";
import { countText } from "./text.ts";

/** What is open now: one bar a class. */
export function classBars({ open }: JobReport): Html {
  const most = Math.max(1, ...Object.values(open.classes));
  const rows = differenceClasses
    .filter((name) => (open.classes[name] ?? 0) > 0)
    .map((name) => {
      const count = open.classes[name] ?? 0;
      // Stretched to the cell's width, whatever that is.
      const bar = html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="fill-${name}" width="${at(Math.max(0.5, (count / most) * 100))}" height="10"/></svg>`;
      return html`<tr><td><span class="class ${name}">${name}</span></td><td class="count">${countText(count)}</td><td class="wide">${bar}</td></tr>`;
    });
  return html`<table class="bars"><tbody>${rows}</tbody></table>`;
}
