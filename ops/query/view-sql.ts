import { type View, views } from "./views.ts";

/** What is read of a line, and as what. Fields that are not named here are not looked at. */
const lineColumns: Readonly<Record<View["kind"], Readonly<Record<string, string>>>> = {
  archive: {
    span: "VARCHAR",
    offset: "VARCHAR",
    time: "TIMESTAMP",
    published: "TIMESTAMP",
    topic: "VARCHAR",
    type: "VARCHAR",
    source: "VARCHAR",
    id: "VARCHAR",
    subject: "VARCHAR",
    correlationid: "VARCHAR",
    causationid: "VARCHAR",
    partitionkey: "VARCHAR",
    hash: "VARCHAR",
    messageId: "VARCHAR",
    index: "INTEGER",
    group: "VARCHAR",
    eventTime: "VARCHAR",
    problem: "VARCHAR",
    message:
      "STRUCT(MessageBody VARCHAR, MessageAttributes MAP(VARCHAR, STRUCT(DataType VARCHAR, StringValue VARCHAR, BinaryValue VARCHAR)))",
  },
  journal: {
    span: "VARCHAR",
    offset: "VARCHAR",
    time: "TIMESTAMP",
    completed: "TIMESTAMP",
    consumer: "VARCHAR",
    state: "VARCHAR",
    attempts: "INTEGER",
    type: "VARCHAR",
    source: "VARCHAR",
    id: "VARCHAR",
    reason: "VARCHAR",
    replay: "VARCHAR",
    hash: "VARCHAR",
    eventTime: "VARCHAR",
  },
};

/** A view's columns over lines, in the order of `viewColumns`. */
const selected: Readonly<Record<View["kind"], string>> = {
  archive: `time, published, topic, type, source, id, subject, correlationid, causationid, partitionkey, hash,
    messageId AS messageid, "index", "group", eventTime AS eventtime, problem, span, "offset",
    map(map_keys(message.MessageAttributes),
        list_transform(map_values(message.MessageAttributes), lambda a: coalesce(a.StringValue, a.BinaryValue))) AS attributes,
    CASE WHEN id IS NOT NULL THEN TRY(json_extract(message.MessageBody, '$.data')) END AS data,
    message.MessageBody AS body, message`,
  journal: `time, completed, consumer, state, attempts, epoch_ms(completed) - epoch_ms(time) AS critical_ms,
    type, source, id, reason, replay, hash, eventTime AS eventtime, span, "offset"`,
};

/** Of lines with the same key the first one stays; what is sealed comes first. */
const once: Partial<Readonly<Record<View["name"], { readonly key: string; readonly order: string }>>> = {
  // As the archive knows an event, and what is none.
  archive: {
    key: `source, id, hash, CASE WHEN id IS NULL THEN messageId END, CASE WHEN id IS NULL THEN "index" END`,
    order: `("offset" IS NULL), published, time, span, "offset"`,
  },
  journal: {
    key: "consumer, source, id, replay",
    order: `completed DESC, state DESC, attempts DESC, ("offset" IS NULL), span, "offset"`,
  },
  journal_all: {
    key: "consumer, source, id, replay, state, completed",
    order: `("offset" IS NULL), time, span, "offset"`,
  },
};

/** Functions of Athena's that DuckDB has under another name, so that one question can be asked of both. */
export const athenaMacros: readonly string[] = [
  // Athena answers NULL for what is no JSON.
  "CREATE MACRO json_extract_scalar(json, path) AS TRY(json_extract_string(json, path))",
  "CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP)",
  "CREATE MACRO approx_percentile(value, share) AS quantile_cont(value, share)",
];

/** What defines a kind's views over local copies (`localLines`); without any they are there, and empty. */
export function viewStatements(kind: View["kind"], files: readonly string[]): readonly string[] {
  const lines = linesFrom(kind, files);
  return views
    .filter((view) => view.kind === kind)
    .map(({ name }) => {
      const rule = once[name];
      const rest = rule
        ? ` QUALIFY row_number() OVER (PARTITION BY ${rule.key} ORDER BY ${rule.order}) = 1`
        : "";
      return `CREATE OR REPLACE VIEW ${name} AS SELECT ${selected[kind]} FROM ${lines}${rest}`;
    });
}

/** What removes them: a question that was not thought to need them must not be told that nothing is there. */
export function dropStatements(kind: View["kind"]): readonly string[] {
  return views.filter((view) => view.kind === kind).map(({ name }) => `DROP VIEW ${name}`);
}

function linesFrom(kind: View["kind"], files: readonly string[]): string {
  const columns = Object.entries(lineColumns[kind]);
  if (files.length === 0) {
    const nothing = columns.map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`);
    return `(SELECT ${nothing.join(", ")} WHERE false)`;
  }
  const typed = columns.map(([name, type]) => `"${name}": ${quoted(type)}`);
  return `read_json([${files.map(quoted).join(", ")}], columns = {${typed.join(", ")}},
    format = 'newline_delimited', compression = 'zstd', hive_partitioning = false)`;
}

/** A text in SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
