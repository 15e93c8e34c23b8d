import { messageMark } from "../archive/index.ts";
import { omnibusAttribute } from "../contract/index.ts";
import { ledgerKey } from "../ledger/index.ts";
import { sqs } from "../limits-of-aws.ts";
import { orderKey } from "./order-key.ts";
import { fieldsOf, type PickedLine } from "./picked-line.ts";

/** Messages that go in one call, as SQS's SendMessageBatch takes its `Entries` in JSON. */
export interface EntryBatch {
  readonly count: number;
  readonly json: Buffer;
}

/** Makes batches out of archived lines: bytes are copied, not parsed. */
export interface EntryBatches {
  /** Takes a line; answers a batch when one is full, which may be without this line. */
  add(line: PickedLine): EntryBatch | undefined;
  /** What is left; `undefined` where nothing is. */
  take(): EntryBatch | undefined;
  /** How many lines wait for their batch to be full. */
  readonly waiting: number;
}

const attributesMark = Buffer.from(',"MessageAttributes":{');
const ourName = Buffer.from(`"${omnibusAttribute}":{`);
/** Room for what a line is given beside its message. */
const besideBytes = 1_024;
/** How each entry begins: ids are digits, since there are ten at most. */
const begins = Array.from({ length: sqs.batchEntries }, (_, nth) =>
  Buffer.from(`${nth === 0 ? "[" : ","}{"Id":"${nth}",`),
);

/**
 * Makes an `EntryBatches` for one consumer's queue. Body and attributes stay as they were published, byte for byte; the group too. With
 * `replayId` each message says that it is that replay's, so that the consumer runs it though it is done. In an ordered queue a message
 * goes into its event's group, under a deduplication id of its own in each replay. `ordered`: no batch has two messages of one key, since a
 * queue may take the later one alone.
 */
export function entryBatches({
  consumer,
  fifo,
  id,
  again,
  ordered = false,
  most = sqs.batchEntries,
}: {
  readonly consumer: string;
  readonly fifo: boolean;
  /** The replay's. */
  readonly id: string;
  readonly again: boolean;
  readonly ordered?: boolean;
  /** Entries of one batch; no more than SQS takes. */
  readonly most?: number;
}): EntryBatches {
  const note = JSON.stringify(JSON.stringify({ replayId: id }));
  const ours = `"${omnibusAttribute}":{"DataType":"String","StringValue":${note}}`;
  let room = Buffer.allocUnsafe(64 * 1024);
  let size = 0;
  let count = 0;
  const keys = new Set<string>();

  const ensure = (bytes: number) => {
    if (size + bytes <= room.length) return;
    const larger = Buffer.allocUnsafe(Math.max(size + bytes, room.length * 2));
    room.copy(larger, 0, 0, size);
    room = larger;
  };
  const text = (written: string) => {
    ensure(written.length * 3);
    size += room.write(written, size);
  };
  const copy = (bytes: Buffer, from: number, to: number) => {
    size += bytes.copy(room, size, from, to);
  };
  const take = (): EntryBatch | undefined => {
    if (count === 0) return undefined;
    room[size++] = 0x5d;
    const batch = { count, json: Buffer.from(room.subarray(0, size)) };
    size = 0;
    count = 0;
    keys.clear();
    return batch;
  };
  const groupOf = (line: PickedLine): string => {
    if (!fifo && !line.mayHaveGroup) return "";
    const fields = fieldsOf(line);
    const group = fields("group");
    if (!fifo) return group === undefined ? "" : `,"MessageGroupId":${JSON.stringify(group)}`;
    const [source = "", event = ""] = [fields("source"), fields("id")];
    const once = ledgerKey({ consumer, source, id: event, replayId: id });
    return `,"MessageGroupId":${JSON.stringify(orderKey(line))},"MessageDeduplicationId":"${once}"`;
  };
  /** The message between its braces, with ours among its attributes. */
  const noted = (bytes: Buffer, from: number, to: number) => {
    const found = bytes.subarray(from, to).indexOf(attributesMark);
    const at = from + found;
    if (found === -1) {
      copy(bytes, from, to);
      text(`,"MessageAttributes":{${ours}}`);
      return;
    }
    const inside = at + attributesMark.length;
    if (bytes.subarray(inside, to).includes(ourName)) {
      // Somebody has published one under our name: the only case in which attributes are parsed.
      copy(bytes, from, at);
      const attributes = JSON.parse(bytes.toString("utf8", inside - 1, to)) as Record<string, unknown>;
      delete attributes[omnibusAttribute];
      const others = JSON.stringify(attributes).slice(1, -1);
      text(`,"MessageAttributes":{${ours}${others === "" ? "" : `,${others}`}}`);
      return;
    }
    copy(bytes, from, inside);
    text(`${ours},`);
    copy(bytes, inside, to);
  };

  return {
    get waiting() {
      return count;
    },
    add(line) {
      const { bytes, messageAt, end } = line;
      // Without the braces around it: `{"MessageBody":…}}`, of which the last one is the line's.
      const from = messageAt + messageMark.length + 1;
      const to = end - 2;
      const length = to - from;
      const key = ordered ? orderKey(line) : "";
      const isFull =
        count >= most || keys.has(key) || (count > 0 && size + length + besideBytes > sqs.maxMessageBytes);
      const full = isFull ? take() : undefined;
      if (ordered) keys.add(key);
      ensure(length + besideBytes);
      const begin = begins[count] as Buffer;
      for (let at = 0; at < begin.length; at++) room[size++] = begin[at] as number;
      if (again) noted(bytes, from, to);
      else copy(bytes, from, to);
      const group = groupOf(line);
      if (group !== "") text(group);
      room[size++] = 0x7d;
      count++;
      return full;
    },
    take,
  };
}
