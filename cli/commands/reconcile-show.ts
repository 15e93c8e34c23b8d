import { systemClock } from "../../src/clock.ts";
import { differenceClasses } from "../../src/env.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { differenceText, openText } from "../job-text.ts";
import { loadOps } from "../load-ops.ts";
import { age } from "../moment.ts";
import { withJobs } from "../open-jobs.ts";
import { count, oneOf } from "../option-values.ts";

const classOf = oneOf(...differenceClasses);

/** `bus reconcile show`: what is open. */
export const reconcileShow = command({
  name: "show",
  summary: "what differs: a list, the oldest first; one key field by field",
  details: [
    "Prints the fields of what differs, as it was seen last. Control characters are taken out; with --json they are escaped.",
    "",
    "Examples:",
    "  bus reconcile show Transfers --class missing-right --older 2h",
    "  bus reconcile show Transfers transfer-4217",
    "  bus reconcile show Transfers --limit 100 --skip 100 --json",
  ].join("\n"),
  arguments: {
    job: { value: "<job>", summary: "which one" },
    key: { value: "[key]", summary: "one key, with all that is known of it" },
  },
  options: {
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    class: { value: "<class>", summary: "only of this class", parse: classOf },
    older: { value: "<time>", summary: 'open for so long, or longer: "30m", "2h", "3d"', parse: age },
    limit: { value: "<count>", summary: "how many are shown at most", parse: count, fallback: 50 },
    skip: { value: "<count>", summary: "how many are left out before them", parse: count },
    json: { summary: "print them as one line of JSON, the last on standard output" },
  },
  run: (terminal, { job: name, key, bus, class: as, older, limit, skip, json }) =>
    withJobs(terminal, async ({ target, calls, job: find }) => {
      const { jobTitle, latestReport, showOpen } = await loadOps(
        () => import("../../ops/reconcile/index.ts"),
      );
      const job = await find(name, bus);
      const [{ shown, selected }, report] = await Promise.all([
        showOpen(calls, job, {
          selection: { key, class: as, olderThanMs: older },
          limit,
          skip: skip ?? 0,
        }),
        latestReport(calls, job),
      ]);
      const more = Math.max(0, selected - (skip ?? 0) - shown.length);
      const sides = report && { left: report.left, right: report.right };
      if (json) {
        terminal.printJson({ target, job: jobTitle(job), sides, selected, open: shown });
        return exitCodes.done;
      }
      const nowMs = systemClock.nowMs();
      if (key !== undefined) {
        for (const one of shown) terminal.print(differenceText(one, { nowMs, sides }));
        if (shown.length === 0) terminal.say(`nothing is open about ${JSON.stringify(key)}`);
        return exitCodes.done;
      }
      if (shown.length > 0) terminal.print(openText(shown, { nowMs, sides }));
      terminal.say(
        selected === 0
          ? "nothing is open"
          : `${selected} open${more > 0 ? `; ${more} more: give --skip ${(skip ?? 0) + shown.length}` : ""}`,
      );
      return exitCodes.done;
    }),
});
