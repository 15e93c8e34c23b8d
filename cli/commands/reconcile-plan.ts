import { writeFile } from "node:fs/promises";
import { planText } from "../../src/reconcile/index.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { intoFile } from "../into-file.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";
import { count } from "../option-values.ts";

/** `bus reconcile plan`: what can be done about what is open. */
export const reconcilePlan = command({
  name: "plan",
  summary: "plan repairs of what is open: what, why and how, one by one; changes nothing",
  details: [
    "The deployed function makes the plan and keeps it under its id; bus reconcile apply repairs by it, once somebody has",
    "approved of it. A plan that was changed since is refused.",
    "",
    "Examples:",
    "  bus reconcile plan Transfers",
    "  bus reconcile plan Transfers --out plan.json",
  ].join("\n"),
  arguments: { job: { value: "[job]", summary: "which one, where there is more than one" } },
  options: {
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    out: { value: "<file>", summary: "write the plan into a file, too" },
    limit: { value: "<count>", summary: "how many items are shown at most", parse: count, fallback: 50 },
    json: { summary: "print the plan as one line of JSON, the last on standard output" },
  },
  run: (terminal, { job: name, bus, out, limit, json }) =>
    withJobs(terminal, async ({ target, calls, by, job: find }) => {
      const { planJob } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const job = await find(name, bus);
      const { plan, url } = await planJob(calls, job, { by });
      if (out !== undefined) {
        const text = `${JSON.stringify(plan, undefined, 2)}\n`;
        await intoFile(terminal, out, (path) => writeFile(path, text));
      }
      if (json) terminal.printJson({ target, url, plan });
      else terminal.print(planText(plan, { most: limit }));
      const byMachine = plan.totals.how.call + plan.totals.how.send;
      terminal.say(
        byMachine === 0
          ? "a machine can repair nothing of it"
          : `kept as ${url}; to repair by it: bus reconcile apply ${plan.id}`,
      );
      return exitCodes.done;
    }),
});
