/** The outbox table's partition and sort key, both strings. */
export const outboxKeyAttribute = "pk";
export const outboxSortAttribute = "sk";

/** What the partition keys of an outbox's items begin with, behind the table's own prefix. */
export const outboxKeys = {
  /** Rows that wait, by shard: writers put them. */
  row: "row#",
  /** Ordered rows that wait, by shard: those of one key beside each other. */
  line: "line#",
  /** The last sequence that was given for a key: writers move it. */
  last: "last#",
  /** How far a key is out, who is at it, and whether it is parked. */
  head: "head#",
  /** Rows that cannot be sent, by shard. */
  dead: "dead#",
  /** Who sweeps a shard. */
  sweep: "sweep#",
} as const;

/** What may stand before them, in a table that holds other things as well. */
export const outboxPrefixPattern = /^[A-Za-z0-9#:/._-]{0,64}$/;

/** What an outbox has an alarm for, as its names end: `{bus}-outbox-oldest` and the like. */
export const outboxAlarms = ["oldest", "dead", "parked", "gaps", "no-sweep"] as const;
export type OutboxAlarm = (typeof outboxAlarms)[number];

/** How long a row may wait beyond the grace before somebody is told: a few sweeps. */
export const outboxPatienceMs = 300_000;
