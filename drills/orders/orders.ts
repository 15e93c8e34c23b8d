import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

/** One real order, as the contract wants it: money in whole cents. */
export interface Order {
  readonly orderId: string;
  readonly customer: string;
  /** The day it was placed, in 1997 or 1998; the event's own `time` is now. */
  readonly date: string;
  readonly cds: number;
  readonly cents: number;
}

const file = new URL("./data/cdnow-orders.csv.gz", import.meta.url);
const header = "order,customer,date,cds,dollars";

/** Streams the first `limit` orders of the file, in its order. Throws on a line that is no order. */
export async function* readOrders(limit: number = Number.POSITIVE_INFINITY): AsyncGenerator<Order> {
  const input = createReadStream(file);
  const unzipped = input.pipe(createGunzip());
  input.on("error", (error) => unzipped.destroy(error));
  const lines = createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY });
  let read = -1;
  try {
    for await (const line of lines) {
      if (++read === 0) {
        if (line !== header)
          throw new Error(`${file.pathname} begins with ${JSON.stringify(line)}, not ${header}`);
        continue;
      }
      if (read > limit) return;
      yield parseOrder(line);
    }
  } finally {
    lines.close();
    input.destroy();
  }
}

const linePattern = /^(\d+),(\d+),(\d{4}-\d\d-\d\d),(\d+),(\d+)\.(\d\d)$/;

/** Reads one line of the file. Dollars become cents digit by digit: no fraction is ever held. */
export function parseOrder(line: string): Order {
  const [, orderId, customer, date, cds, dollars, cents] = linePattern.exec(line) ?? [];
  if (
    orderId === undefined ||
    customer === undefined ||
    date === undefined ||
    cds === undefined ||
    dollars === undefined ||
    cents === undefined
  ) {
    throw new Error(
      `${JSON.stringify(line)} is no order: ${header} is the form, as in 4,00003,1997-01-02,2,20.76`,
    );
  }
  return { orderId, customer, date, cds: Number(cds), cents: Number(dollars) * 100 + Number(cents) };
}
