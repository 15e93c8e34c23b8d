import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { guardGroups } from "../../lib/guards/index.ts";
import type { GuardEntry } from "../../ops/guards/index.ts";

const project = join(import.meta.dirname, "../..");

/** The files that tell of the guards, by path: made of the guards themselves, so that neither can say something else. */
export function guardFiles(): Readonly<Record<string, string>> {
  return {
    "docs/guards.md": page(),
    "ops/guards/guards.json": `${JSON.stringify(entries(), undefined, 2)}\n`,
  };
}

function entries(): readonly GuardEntry[] {
  return guardGroups.flatMap(({ about, guards }) =>
    guards.map(({ id, reason, fix, link, final = false }) => ({ id, about, reason, fix, link, final })),
  );
}

function page(): string {
  const all = entries();
  const groups = guardGroups.map(({ about, guards }) => {
    const rows = guards.map(
      ({ id, reason, final }) => `| [\`${id}\`](#${id}) | ${reason} | ${final ? "final" : ""} |`,
    );
    return `## About ${about}\n\n| Guard | Without it | |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  const sections = all.map(({ id, reason, fix, link, final }) =>
    [
      `### ${id}`,
      "",
      `**Why.** ${sentence(reason)}`,
      "",
      `**Fix.** ${sentence(fix)}`,
      "",
      final
        ? "Final: nothing could be deployed with it fired."
        : `Can be turned off: \`acknowledge: [{ id: "${id}", reason: "…" }]\`.`,
      "",
      `AWS: <${link}>`,
      "",
    ].join("\n"),
  );
  return `${head(all.length)}\n${groups.join("\n")}\n## One by one\n\n${sections.join("\n")}`;
}

function head(count: number): string {
  return `# Guards

Made of \`lib/guards/\` by \`node test/lib/write-guards.ts\`; a test holds it up to date.

What AWS would refuse, or accept and lose events over, fails when the construct is made: ${count} rules, each with the value,
what is allowed, why, what to do, and AWS's page. All that fire are told together. A guard that is not *final* can be
turned off at one construct; the reason stays in the assembly, for whoever reads it next:
\`acknowledge: [{ id: "batch-payload", reason: "events of this partner have 2 KB at most" }]\`.

\`npx bus guards\` lists them, \`npx bus guards <id>\` explains one. Why they throw: [ADR 6](adr/0006-impossible-numbers-throw.md).
Those about the expected load need \`expect\` on the consumer: [plan](plan.md).
`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(guardFiles())) writeFileSync(join(project, path), text);
}
