import type { DeadLetterKind, Selection } from "../../ops/dead-letters/index.ts";
import { busName } from "../bus-name.ts";
import type { Option } from "../command.ts";
import { moment } from "../moment.ts";
import { oneOf } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

/** The options by which dead letters are chosen, the same for every command on them. */
export const selectOptions = {
  bus: { value: "<name>", summary: "the consumer's bus, where more than one has it", parse: busName },
  group: { value: "<group>", summary: "of this group, as bus dlq list shows it", parse: groupDigits },
  type: { value: "<type>", summary: 'of this event type, as in "order.created"' },
  id: { value: "<id>", summary: "with this event id, or SQS message id" },
  error: { value: "<text>", summary: "with this text in the error's name, its message or the reason" },
  since: {
    value: "<time>",
    summary: 'died then or later: "2h", "3d", "2026-11-23T05:00Z"',
    parse: (typed: string) => moment(typed),
  },
  until: { value: "<time>", summary: "died before then", parse: (typed: string) => moment(typed) },
  queue: {
    value: "<which>",
    summary:
      "processing (what could not be handled) or undelivered (what SNS could not deliver); default: both",
    parse: oneOf("processing", "undelivered"),
  },
} as const satisfies Readonly<Record<string, Option>>;

/** What the options have chosen. Throws `UsageError` for a span that ends before it begins. */
export function selectionOf(values: {
  readonly group?: string | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  readonly error?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly queue?: DeadLetterKind | undefined;
}): Selection {
  const { group, type, id, error, since, until, queue } = values;
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError("--since is not before --until: nothing can have died between them");
  }
  return { group, type, id, error, sinceMs: since, untilMs: until, kind: queue };
}

function groupDigits(typed: string): string {
  if (/^[\da-f]{4,8}$/i.test(typed)) return typed;
  throw new UsageError(
    `${JSON.stringify(typed)} is no group: give the eight digits that bus dlq list shows, or the first four or more of them`,
  );
}
