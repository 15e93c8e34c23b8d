import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AppliedSoFar } from "../../ops/reconcile/index.ts";
import { type ItemOutcome, planText, type RepairPlan, shortIdLength } from "../../src/reconcile/index.ts";
import { busName } from "../bus-name.ts";
import { oneLine } from "../columns.ts";
import { command } from "../command.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";
import { withJobs } from "../open-jobs.ts";
import { plainText } from "../plain-text.ts";
import { progressLine } from "../progress-line.ts";
import type { Terminal } from "../terminal.ts";
import { agreement } from "./dlq-agreement.ts";

/** What came to a good end: nothing is left to be done about it by this plan. */
const good: readonly ItemOutcome[] = ["repaired", "sent", "gone", "done"];
const toldItems = 20;

/** `bus reconcile apply`: repairs by a plan. */
export const reconcileApply = command({
  name: "apply",
  summary: "repair by a plan; first shows what it would do, and asks",
  details: [
    "Looks each item up again right before it is repaired: what is gone, has changed or is too young is left alone. Killed at any",
    "moment, the same command goes on: what was repaired is not repaired again. Asks for the first digits of the plan's id, or",
    "wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes. Ends with 0 when all was repaired or is gone,",
    "1 when some was not, 3 when nothing could be.",
    "",
    "Examples:",
    "  bus reconcile apply 3fa91c02d41b77e0",
    "  bus reconcile apply plan.json --yes --json",
  ].join("\n"),
  arguments: { plan: { value: "<plan>", summary: "its id, the first digits of it, or a file" } },
  options: {
    job: { value: "<name>", summary: "the job, where ids are not enough" },
    bus: { value: "<name>", summary: "the job's bus, where more than one has it", parse: busName },
    yes: { summary: "repair, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { plan: given, job: name, bus, yes, json }) =>
    withJobs(terminal, async ({ target, calls, by, plan: findPlan }) => {
      const { applyJobPlan, jobTitle } = await loadOps(() => import("../../ops/reconcile/index.ts"));
      const { job, plan } = await findPlan(await meant(terminal, given), { job: name, bus });
      const title = jobTitle(job);
      const { signal } = terminal;
      const would = await follow(
        terminal,
        "looked up",
        applyJobPlan(calls, job, plan, { by, dryRun: true, signal }),
      );
      const repairs = would.counts.would ?? 0;
      const about = { target, job: title, plan: plan.id };
      const isAgreed =
        repairs > 0 &&
        !signal.aborted &&
        (await agreement({
          terminal,
          target,
          plan: `${planText(plan, { most: toldItems })}\n\nnow: ${countsText(would.counts)}`,
          question: `repair ${repairs} of ${title}?`,
          expected: plan.id.slice(0, shortIdLength),
          how: "--yes",
          yes,
          json,
        }));
      if (!isAgreed) {
        if (repairs === 0) terminal.say(`nothing of it is to be repaired now: ${countsText(would.counts)}`);
        if (json) terminal.printJson({ ...about, dryRun: true, ...would });
        return repairs === 0 ? codeOf(would, plan) : exitCodes.done;
      }
      const done = await follow(terminal, "repaired", applyJobPlan(calls, job, plan, { by, signal }));
      if (json) terminal.printJson({ ...about, dryRun: false, ...done });
      terminal[json ? "say" : "print"](doneText(done));
      return codeOf(done, plan);
    }),
});

/** A file where there is one of that name, an id else. */
async function meant(
  { directory }: Pick<Terminal, "directory">,
  given: string,
): Promise<{ readonly id: string } | { readonly text: string }> {
  if (/^[\da-f]{4,16}$/.test(given)) return { id: given };
  try {
    return { text: await readFile(resolve(directory, given), "utf8") };
  } catch (thrown) {
    if ((thrown as { readonly code?: string }).code === "ENOENT") return { id: given };
    throw thrown;
  }
}

/** Shows how far it is, and answers what it has come to. */
async function follow(
  terminal: Pick<Terminal, "say" | "draw" | "screen">,
  what: string,
  steps: AsyncGenerator<AppliedSoFar, void>,
): Promise<AppliedSoFar> {
  const line = progressLine(terminal);
  let last: AppliedSoFar = { done: 0, of: 0, counts: {}, told: [] };
  try {
    for await (const step of steps) {
      last = step;
      line.show(plainText(`${what}: ${step.done} of ${step.of}  ${countsText(step.counts)}`));
    }
  } finally {
    line.end();
  }
  return last;
}

function countsText(counts: AppliedSoFar["counts"]): string {
  return Object.entries(counts)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(", ");
}

function doneText({ done, of, counts, told }: AppliedSoFar): string {
  const more = told.length - toldItems;
  return [
    `${countsText(counts)}${done < of ? `; ${of - done} were not come to: run it again` : ""}`,
    ...told
      .slice(0, toldItems)
      .map(({ key, outcome, message = "" }) => `  ${oneLine(`${outcome}  ${key}  ${message}`)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join("\n");
}

/** Done when nothing of what a machine can do is left. What is only for people is no failure of this command. */
function codeOf({ counts, done }: AppliedSoFar, { items }: RepairPlan): ExitCode {
  const sum = (outcomes: readonly ItemOutcome[]) =>
    outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
  const ended = sum(good);
  const byMachine = items.filter(({ how }) => how.do !== "tell").length;
  if (done === items.length && ended === byMachine) return exitCodes.done;
  return ended === 0 && sum(["failed", "unchanged"]) > 0 ? exitCodes.failed : exitCodes.partial;
}
