/** A drill at full size. */
export interface FullSize {
  /** As it is chosen and shown. */
  readonly name: string;
  /** The words after `bus drill`; `--json` comes to them. */
  readonly words: readonly string[];
  /** The figures of its result that are shown. */
  readonly figures: readonly string[];
}

/** Every drill at full size, in the order they are played. */
export const fullSize: readonly FullSize[] = [
  {
    name: "orders",
    words: [
      ...["orders", "--orders", "all", "--duplicates", "5%", "--poison", "0.1%", "--chaos"],
      ...["--once", "--port", "0"],
    ],
    figures: ["published", "kills", "deliveriesPerSecond"],
  },
  { name: "recommender", words: ["recommender"], figures: ["orders", "handled", "duplicates"] },
  { name: "crawler", words: ["crawler"], figures: ["calls", "bans", "maxInAnySecond", "used"] },
  { name: "peak", words: ["peak"], figures: ["handled", "lost", "maxInAnySecond"] },
  { name: "peak-virtual", words: ["peak", "--virtual"], figures: ["handled", "lost", "maxInAnySecond"] },
  { name: "outage", words: ["outage"], figures: ["events", "lost", "doublePayments"] },
  { name: "outage-virtual", words: ["outage", "--virtual"], figures: ["events", "lost", "doublePayments"] },
  { name: "dead-letters", words: ["dead-letters"], figures: ["letters", "once", "othersTouched"] },
  { name: "fifo", words: ["fifo"], figures: ["groups", "outOfOrder", "released"] },
  { name: "outbox", words: ["outbox"], figures: ["orders", "lost", "ghosts", "kills"] },
  {
    name: "outbox-ordered",
    words: ["outbox", "--ordered"],
    figures: ["orders", "lost", "ghosts", "outOfOrder", "kills"],
  },
  { name: "transfer", words: ["transfer"], figures: ["injected", "found", "falseAlarms", "repaired"] },
  {
    name: "payments-points",
    words: ["payments-points"],
    figures: ["injected", "found", "falseAlarms", "repaired"],
  },
  {
    name: "delivery",
    words: ["delivery"],
    figures: ["found", "missed", "falseAlarms", "sent", "strays"],
  },
  { name: "exactly-once", words: ["exactly-once"], figures: ["transfers", "kills", "doubled", "lost"] },
  { name: "fulfil", words: ["fulfil"], figures: ["shipped", "compensated", "stuck", "harmToOthers"] },
  {
    name: "replay",
    words: ["replay"],
    figures: ["archived", "selected", "replayed", "strays", "ratePerSecond"],
  },
];
