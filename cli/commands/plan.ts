import { resolve } from "node:path";
import type { FoundConsumer } from "../../ops/plan/index.ts";
import { OmnibusError } from "../../src/errors.ts";
import { chooseConsumer, planFindings, planLoad } from "../../src/plan/index.ts";
import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { withCloud } from "../open-cloud.ts";
import { planJson } from "../plan-json.ts";
import { planText } from "../plan-text.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { loadOf, loadOptions, orUsage, settingOptions, wishOf } from "./plan-words.ts";

/** `bus plan`: what a load needs, what it costs, and what cannot work, with the arithmetic. */
export const plan = command({
  name: "plan",
  summary:
    "what a load needs: concurrency, retries, time to drain, quotas, money a month; with the arithmetic",
  details: [
    "Without a consumer it plans from the options alone, asks nobody, and chooses what was not given. With one it takes the",
    "settings of a deployed consumer (or of a synthesized app: --app), its limits and who shares them; options stand in for",
    "what is to be tried out. Ends with 3 when the numbers cannot work; at synth they are guards (bus guards).",
    "",
    "Examples:",
    "  bus plan --arrivals 100/s --handler 40ms",
    "  bus plan --arrivals 100/s --handler 40ms --burst 100000/s:10s --outage 1h --limit 5000/s --region eu-west-1",
    "  bus plan LockStock --arrivals 200/s --handler 40ms",
    "  bus plan LockStock --app cdk.out --concurrency 50 --json",
  ].join("\n"),
  arguments: { consumer: { value: "[consumer]", summary: "a deployed consumer, or one of --app" } },
  options: {
    ...loadOptions,
    ...settingOptions,
    app: { value: "<dir>", summary: "the consumer as it is synthesized there, as in cdk.out" },
    bus: { value: "<name>", summary: "the consumer's bus, where more than one has it", parse: busName },
    json: { summary: "print the plan as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { consumer: name, app, bus, json, limit, ...typed }) => {
    if (name === undefined && (app ?? bus) !== undefined) {
      throw new UsageError(
        "--app and --bus say where a consumer is: give its name, as in bus plan LockStock",
      );
    }
    // What can be told without looking anywhere is told first.
    if (name === undefined) loadOf(typed, undefined);
    const { typedLimits } = await import("../../ops/plan/planned-limit.ts");
    const limits = limit === undefined ? undefined : orUsage(() => typedLimits(limit));
    const found = name === undefined ? undefined : await findConsumer(terminal, { consumer: name, app, bus });
    const load = loadOf(typed, found?.expect);
    const wish = { ...found?.settings, ...given(wishOf(typed, limits)) };
    const { consumer, chosen } = orUsage(() => chooseConsumer(load, wish));
    const made = orUsage(() => planLoad(load, consumer));
    const works = planFindings(made).length === 0;
    const where = found && { bus: found.bus, consumer: found.consumer };
    if (json) terminal.printJson({ ...where, ...planJson(made, chosen) });
    else terminal.print(planText(made, chosen));
    return works ? exitCodes.done : exitCodes.failed;
  },
});

async function findConsumer(
  terminal: Terminal,
  { consumer, app, bus }: { consumer: string; app: string | undefined; bus: string | undefined },
): Promise<FoundConsumer> {
  const { assemblyReads, readConsumer } = await import("../../ops/plan/index.ts");
  const { ConsumerError } = await import("../../ops/find-consumers.ts");
  try {
    if (app !== undefined) {
      return await readConsumer(assemblyReads(resolve(terminal.directory, app)), { consumer, bus });
    }
    return await withCloud(terminal, ({ reads }) => readConsumer(reads, { consumer, bus }));
  } catch (thrown) {
    const isUsage =
      thrown instanceof ConsumerError ||
      (thrown instanceof OmnibusError && thrown.code === "assembly-missing");
    throw isUsage ? new UsageError(thrown.message) : thrown;
  }
}

/** Only what has a value: an option that was not typed leaves the consumer's own setting. */
function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}
