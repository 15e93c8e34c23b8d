import type { ObjectStore } from "../../segments/index.ts";
import type { JobReport, PastRun } from "./job-report.ts";
import { reportPage } from "./page.ts";

/** Runs that a report looks back on. */
const mostRuns = 200;

/** Where a job's reports are, in the archive's bucket. */
export function reportKey(job: string, name: string): string {
  return `reports/${job}/${name}`;
}

/** The runs that the latest report knows of, the oldest first; none where there is no report that can be read. */
export async function pastRuns(objects: ObjectStore, job: string): Promise<readonly PastRun[]> {
  const found = await objects.get(reportKey(job, "latest.json"));
  if (!found) return [];
  try {
    const report = JSON.parse(found.body.toString("utf8")) as Partial<JobReport>;
    return report.v === 1 && Array.isArray(report.history) ? report.history.slice(-(mostRuns - 1)) : [];
  } catch {
    return [];
  }
}

/**
 * Writes a report, for programs and for people: as `latest.json` and `latest.html` always, and under its time where anything
 * has happened since the run before. So a job that agrees costs two objects, not two each minute.
 */
export async function keepReport(objects: ObjectStore, report: JobReport): Promise<{ readonly url: string }> {
  const json = Buffer.from(`${JSON.stringify(report)}\n`);
  const page = Buffer.from(reportPage(report));
  // `:` in a key is trouble for some programs, and `.` is the beginning of a suffix.
  const time = report.at.slice(0, 19).replaceAll(":", "-");
  const names = hasNews(report) ? [`${time}Z`, "latest"] : ["latest"];
  for (const name of names) {
    await objects.put(reportKey(report.job, `${name}.json`), json);
    await objects.put(reportKey(report.job, `${name}.html`), page);
  }
  return { url: objects.urlOf(reportKey(report.job, "latest.html")) };
}

function hasNews({ found, resolved, repaired, history }: JobReport): boolean {
  const [before, now] = history.slice(-2);
  if (!now || found + resolved + repaired > 0) return true;
  return (
    before?.verdict !== now.verdict ||
    before.unknownSpans !== now.unknownSpans ||
    before.boundHeld !== now.boundHeld
  );
}
