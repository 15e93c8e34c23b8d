/** A view that can be asked. */
export interface View {
  readonly name: ViewName;
  readonly kind: "archive" | "journal";
  readonly about: string;
}

export type ViewName = "archive" | "archive_all" | "journal" | "journal_all";

/** A column of a kind's views. */
export interface ViewColumn {
  readonly name: string;
  /** DuckDB's word for it. */
  readonly type: string;
  readonly about: string;
}

/** Every view. */
export const views: readonly View[] = [
  { name: "archive", kind: "archive", about: "what was published: each event once" },
  { name: "archive_all", kind: "archive", about: "the same with every copy that was kept" },
  {
    name: "journal",
    kind: "journal",
    about: "what became of each event at each consumer: its last end, one row for each (and for each replay)",
  },
  {
    name: "journal_all",
    kind: "journal",
    about: "every end: an event that died and was done after a redrive has two",
  },
];

const offsetColumns: readonly ViewColumn[] = [
  {
    name: "span",
    type: "VARCHAR",
    about: "the span it was written in, by its start in UTC: 2026-11-27-01-00",
  },
  {
    name: "offset",
    type: "VARCHAR",
    about: 'its place for good, in quotes: "offset"; NULL while its span is open',
  },
];

/** The columns of each kind's views, in their order. */
export const viewColumns: Readonly<Record<View["kind"], readonly ViewColumn[]>> = {
  archive: [
    {
      name: "time",
      type: "TIMESTAMP",
      about: "the event's own time, UTC; `published` where that is more than a day off",
    },
    { name: "published", type: "TIMESTAMP", about: "when SNS took it, UTC" },
    { name: "topic", type: "VARCHAR", about: "without the bus" },
    { name: "type", type: "VARCHAR", about: "event type; NULL of what is no event" },
    { name: "source", type: "VARCHAR", about: "who published it; with the id the event's identity" },
    { name: "id", type: "VARCHAR", about: "event id" },
    { name: "subject", type: "VARCHAR", about: "what it is about" },
    { name: "correlationid", type: "VARCHAR", about: "the first event of its chain" },
    { name: "causationid", type: "VARCHAR", about: "the event that led to it" },
    { name: "partitionkey", type: "VARCHAR", about: "what is kept in order" },
    { name: "hash", type: "VARCHAR", about: "of the data: the first half of the ledger's" },
    { name: "messageid", type: "VARCHAR", about: "SNS's" },
    { name: "index", type: "INTEGER", about: "its place in a message that held several" },
    { name: "group", type: "VARCHAR", about: 'MessageGroupId; in quotes: "group"' },
    { name: "eventtime", type: "VARCHAR", about: "the event's own time, where `time` is not it" },
    { name: "problem", type: "VARCHAR", about: "why it is no event" },
    ...offsetColumns,
    { name: "attributes", type: "MAP(VARCHAR, VARCHAR)", about: "message attributes: attributes['type']" },
    {
      name: "data",
      type: "JSON",
      about: "the event's data: data->>'cents' is text, (data->>'cents')::bigint a number",
    },
    { name: "body", type: "VARCHAR", about: "the message, byte for byte" },
    {
      name: "message",
      type: "STRUCT(MessageBody, MessageAttributes)",
      about: "body and attributes as Athena has them: message.messagebody",
    },
  ],
  journal: [
    { name: "time", type: "TIMESTAMP", about: "the event's own time, UTC" },
    { name: "completed", type: "TIMESTAMP", about: "when it ended, UTC" },
    { name: "consumer", type: "VARCHAR", about: "at which consumer" },
    { name: "state", type: "VARCHAR", about: "done or dead" },
    { name: "attempts", type: "INTEGER", about: "started runs" },
    {
      name: "critical_ms",
      type: "BIGINT",
      about: "critical time: from `time` to `completed`, in milliseconds",
    },
    { name: "type", type: "VARCHAR", about: "event type" },
    { name: "source", type: "VARCHAR", about: "who published it" },
    { name: "id", type: "VARCHAR", about: "event id" },
    { name: "reason", type: "VARCHAR", about: "why it is dead" },
    { name: "replay", type: "VARCHAR", about: "the replay that ran it again; NULL of the first time" },
    { name: "hash", type: "VARCHAR", about: "of the data: the archive's `hash`" },
    { name: "eventtime", type: "VARCHAR", about: "the event's own time, where `time` is not it" },
    ...offsetColumns,
  ],
};

/** The kinds that a question needs. It may name more than it asks: then more is fetched, and the answer is the same. */
export function kindsIn(sql: string): readonly View["kind"][] {
  return (["archive", "journal"] as const).filter((kind) =>
    new RegExp(`\\b${kind}(_all)?\\b`, "i").test(sql),
  );
}
