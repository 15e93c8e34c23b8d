import type { Head, Parked } from "./line-ports.ts";
import type { Item } from "./row.ts";

/** Reads what is known of a key. `parked` is JSON text: a number of DynamoDB's would not come back as it was written. */
export function readHead(item: Item): Head {
  const parked = item.parked?.S;
  return {
    sent: Number(item.sent?.N ?? 0),
    ...(parked === undefined ? {} : { parked: JSON.parse(parked) as Parked }),
  };
}
