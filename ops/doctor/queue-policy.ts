interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Whether a queue's policy lets a topic send to it: some statement allows it, for SNS, and its condition on
 * `aws:SourceArn`, if it has one, matches. Denials are not weighed, but those are rare: the question is what was forgotten.
 */
export function letsSend(
  policy: string | undefined,
  { topicArn, queueArn }: { readonly topicArn: string; readonly queueArn: string },
): boolean {
  if (policy === undefined) return false;
  let statements: unknown;
  try {
    statements = (JSON.parse(policy) as { Statement?: unknown } | null)?.Statement;
  } catch {
    return false;
  }
  return listOf(statements).some((one) => {
    const { Effect, Principal, Action, Resource, Condition = {} } = one as Statement;
    const isSns =
      Principal === "*" ||
      holdsOne(Object.values(Object(Principal)).flatMap(listOf), ["sns.amazonaws.com", "*"]);
    const sources = Object.values(Condition).flatMap((rule) =>
      Object.entries(rule).flatMap(([key, value]) =>
        key.toLowerCase() === "aws:sourcearn" ? listOf(value) : [],
      ),
    );
    return (
      Effect === "Allow" &&
      isSns &&
      listOf(Action).some((action) => /^(\*|sqs:(\*|Send\*|SendMessage))$/i.test(String(action))) &&
      (Resource === undefined || listOf(Resource).some((pattern) => matches(pattern, queueArn))) &&
      (sources.length === 0 || sources.some((pattern) => matches(pattern, topicArn)))
    );
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function holdsOne(values: readonly unknown[], wanted: readonly string[]): boolean {
  return values.some((value) => wanted.includes(String(value)));
}

/** AWS's own wildcards: `*` and `?`. */
function matches(pattern: unknown, arn: string): boolean {
  const escaped = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(arn);
}
