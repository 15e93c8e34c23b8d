import type { GuardEntry } from "../../ops/guards/index.ts";
import { columns } from "../columns.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { UsageError } from "../usage-error.ts";

/** `bus guards`: the rules that synthesis holds. */
export const guards = command({
  name: "guards",
  summary: "the rules that synthesis holds: what fails, why, and what to do",
  details: [
    "Each guard fails the CDK app where a consumer is made, with the value and what is allowed. One that is not final can be",
    'turned off there: acknowledge: [{ id: "batch-payload", reason: "…" }].',
    "",
    "Examples:",
    "  bus guards",
    "  bus guards limit-horizon",
    "  bus guards --json",
  ].join("\n"),
  arguments: { id: { value: "[id]", summary: "explain this one" } },
  options: { json: { summary: "print them as one line of JSON" } },
  run: async (terminal, { id, json }) => {
    const { readGuards } = await import("../../ops/guards/index.ts");
    const all = readGuards();
    const asked = id === undefined ? all : all.filter((guard) => guard.id === id);
    const [first] = asked;
    if (first === undefined) throw new UsageError(unknown(id ?? "", all));
    if (json) terminal.printJson({ guards: asked });
    else terminal.print(id === undefined ? listText(all) : guardText(first));
    return exitCodes.done;
  },
});

function listText(all: readonly GuardEntry[]): string {
  const rows = all.map(({ id, about, reason, final }) => [id, about, final ? "final" : "", reason]);
  return columns([["GUARD", "ABOUT", "", "WITHOUT IT"], ...rows], { widest: 160 });
}

function guardText({ id, about, reason, fix, link, final }: GuardEntry): string {
  const off = final
    ? "it cannot be: nothing could be deployed with it fired"
    : `acknowledge: [{ id: "${id}", reason: "…" }]`;
  return [
    `${id}  (about ${about})`,
    `  why       ${reason}`,
    `  fix       ${fix}`,
    `  turn off  ${off}`,
    `  AWS       ${link}`,
    `  page      docs/guards.md#${id}`,
  ].join("\n");
}

function unknown(id: string, all: readonly GuardEntry[]): string {
  const near = all.filter((guard) => guard.id.includes(id) || id.includes(guard.id.split("-")[0] ?? id));
  const some = near.length > 0 ? near : all;
  return `there is no guard ${JSON.stringify(id)}; there is ${some.map((guard) => guard.id).join(", ")}`;
}
