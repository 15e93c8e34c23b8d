import { SettingsError } from "../../src/errors.ts";

/**
 * A rule that synthesis holds: what AWS would refuse at deployment, or worse, accept and lose events over.
 *
 * Guards run when a construct is made, so that the stack trace points at the line that made it; all that fire are
 * reported together.
 */
export interface Guard<Facts> {
  /** Stable: acknowledgements name it. */
  readonly id: string;
  /** What would happen. */
  readonly reason: string;
  /** What to do. */
  readonly fix: string;
  /** Where AWS says so. */
  readonly link: string;
  /** Nothing could be deployed with it fired, so it cannot be acknowledged. */
  readonly final?: true;
  /** What was wrong, the value, and what is allowed; `undefined` when all is well. */
  check(facts: Facts): string | undefined;
}

/** A guard turned off for one construct, knowingly. */
export interface Acknowledgement {
  /** The guard's id, as in `maximum-concurrency`. */
  readonly id: string;
  /** Why it is right here: for whoever reads the stack next. */
  readonly reason: string;
}

/**
 * Throws a `SettingsError` that tells of every guard that fires and is not acknowledged; its `code` is the id of the
 * first. Throws on an acknowledgement that acknowledges nothing, too.
 */
export function enforce<Facts>(
  guards: readonly Guard<Facts>[],
  facts: Facts,
  {
    subject,
    acknowledge = [],
  }: { readonly subject: string; readonly acknowledge?: readonly Acknowledgement[] },
): void {
  for (const { id, reason } of acknowledge) checkAcknowledgement(guards, subject, id, reason);
  const acknowledged = new Set(acknowledge.map(({ id }) => id));
  const fired = guards.flatMap((guard) => {
    const finding = acknowledged.has(guard.id) ? undefined : guard.check(facts);
    return finding === undefined ? [] : [{ guard, finding }];
  });
  const [first] = fired;
  if (!first) return;
  throw new SettingsError(
    first.guard.id,
    [subject, ...fired.map(({ guard, finding }) => describe(guard, finding))].join("\n"),
  );
}

function describe({ id, reason, fix, link, final }: Guard<never>, finding: string): string {
  const way = final ? "" : ` (or acknowledge: [{ id: "${id}", reason: "…" }])`;
  return `  [${id}] ${finding}\n    why: ${reason}\n    fix: ${fix}${way}\n    see: docs/guards.md#${id} (bus guards ${id}), ${link}`;
}

function checkAcknowledgement(
  guards: readonly Guard<never>[],
  subject: string,
  id: string,
  reason: string,
): void {
  const refuse = (problem: string) => {
    throw new SettingsError("acknowledge", `${subject}\n  [acknowledge] ${problem}`);
  };
  const guard = guards.find((one) => one.id === id);
  if (!guard) {
    const known = guards.filter(({ final }) => !final).map((one) => one.id);
    refuse(`acknowledges ${JSON.stringify(id)}, which is no guard here; these are: ${known.join(", ")}`);
  } else if (guard.final) {
    refuse(`acknowledges ${id}, which cannot be: ${guard.fix}`);
  } else if (reason.trim() === "") {
    refuse(`acknowledges ${id} without a reason; say why it is right here, for whoever reads it next`);
  }
}
