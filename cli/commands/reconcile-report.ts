import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { reportKey } from "../../src/reconcile/index.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { intoFile } from "../into-file.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";

/** `bus reconcile report`: the page of the latest run. */
export const reconcileReport = command({
  name: "report",
  summary: "fetch the page that tells how a job stands, with charts: one file that needs nothing else",
  details: [
    "Writes the latest report's page into a file, and prints where it is. It holds the fields of what differs.",
    "",
    "Examples:",
    "  bus reconcile report Transfers --out transfers.html",
    "  bus reconcile report --json",
  ].join("\n"),
  arguments: { job: { value: "[job]", summary: "which one, where there is more than one" } },
  options: {
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    out: { value: "<file>", summary: "the file to write (default: one in a new temporary folder)" },
    json: { summary: "print the report itself as one line of JSON, the last on standard output" },
  },
  run: (terminal, { job: name, bus, out, json }) =>
    withJobs(terminal, async ({ calls, job: find }) => {
      const { JobError, jobTitle, latestReport } = await loadOps(
        () => import("../../ops/reconcile/index.ts"),
      );
      const job = await find(name, bus);
      const none = () =>
        new JobError(
          "no-report",
          `there is no report of ${jobTitle(job)}: bus reconcile run ${job.job} makes one`,
        );
      if (json) {
        const report = await latestReport(calls, job);
        if (!report) throw none();
        terminal.printJson(report);
        if (out === undefined) return exitCodes.done;
      }
      const page = await calls.objects(job).get(reportKey(job.job, "latest.html"));
      if (!page) throw none();
      const file =
        out === undefined
          ? join(await mkdtemp(join(tmpdir(), "omnibus-report-")), `${jobTitle(job)}.html`)
          : resolve(terminal.directory, out);
      // Only for whoever has fetched it: it holds data.
      await intoFile(terminal, file, (path) => writeFile(path, page.body, { mode: 0o600 }));
      if (json) terminal.say(file);
      else {
        terminal.print(file);
        terminal.say(`open ${pathToFileURL(file).href}`);
      }
      return exitCodes.done;
    }),
});
