import { type Decoded, decodeMessage, envelopeHash } from "../contract/index.ts";
import { effectiveTime } from "../segments/index.ts";
import type { ArchiveLine } from "./archive-line.ts";
import type { ArchivedMessage } from "./archived-message.ts";
import { arrayElements } from "./array-elements.ts";

const dayMs = 86_400_000;
/** An event's own time counts, unless it is further than this from when it was published. */
const maxSkew = { beforeMs: dayMs, afterMs: dayMs };
const hashLength = 32;

/** How far from its effective time a line may be written: `maxSkew`, and as long as a queue keeps a message. */
export const archivedWithin = { beforeMs: maxSkew.afterMs, afterMs: maxSkew.beforeMs + 15 * dayMs };

/** What every line of a message has. */
type Around = Pick<ArchiveLine, "published" | "topic" | "messageId" | "index" | "group" | "message">;

/**
 * The line of a message, and the last effective time in it: one line, also for a message that holds several events; sealing
 * and reading make one of each. Never throws: what is no event is kept as it came, with the reason.
 */
export function archiveLine(published: ArchivedMessage): { line: ArchiveLine; lastMs: number } {
  const { publishedMs, body, topic, messageId, group, attributes } = published;
  const around: Around = {
    published: new Date(publishedMs).toISOString(),
    messageId,
    ...(topic === undefined ? {} : { topic }),
    ...(group === undefined ? {} : { group }),
    message: {
      MessageBody: body,
      ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
    },
  };
  const decoded = decodeMessage(body);
  const [first] = decoded;
  if (first && decoded.length === 1) {
    const line = lineOf(around, first, publishedMs);
    return { line, lastMs: Date.parse(line.time) };
  }
  // Several events that cannot be cut out of it: wrapped by hand.
  if (!arrayElements(body)) {
    return { line: { ...around, time: around.published, problem: "bad-envelope" }, lastMs: publishedMs };
  }
  const times = decoded.map((one) => timeOf(one, publishedMs).timeMs);
  const time = new Date(Math.min(...times)).toISOString();
  return { line: { ...around, time, packed: decoded.length }, lastMs: Math.max(...times) };
}

/** The lines of a line that stands for several: each with its own event's bytes, as they stand in the message. */
export function unpackLine(packed: ArchiveLine): readonly ArchiveLine[] {
  const { published, topic, messageId, group, message } = packed;
  const decoded = decodeMessage(message.MessageBody);
  const elements = arrayElements(message.MessageBody) ?? [];
  return decoded.map((one, index) => {
    const around: Around = {
      published,
      messageId,
      index,
      ...(topic === undefined ? {} : { topic }),
      ...(group === undefined ? {} : { group }),
      message: { ...message, MessageBody: elements[index] ?? "" },
    };
    return lineOf(around, one, Date.parse(published));
  });
}

function lineOf(around: Around, decoded: Decoded, publishedMs: number): ArchiveLine {
  if (!decoded.ok) return { ...around, time: around.published, problem: decoded.rejection.code };
  const { envelope } = decoded;
  const { type, source, id, subject, correlationid, causationid, partitionkey } = envelope;
  const { timeMs, isOwn } = timeOf(decoded, publishedMs);
  return {
    ...around,
    time: new Date(timeMs).toISOString(),
    type,
    source,
    id,
    ...(subject === undefined ? {} : { subject }),
    correlationid,
    ...(causationid === undefined ? {} : { causationid }),
    ...(partitionkey === undefined ? {} : { partitionkey }),
    hash: envelopeHash(envelope).slice(0, hashLength),
    ...(isOwn ? {} : { eventTime: envelope.time }),
  };
}

function timeOf(decoded: Decoded, publishedMs: number): { timeMs: number; isOwn: boolean } {
  if (!decoded.ok) return { timeMs: publishedMs, isOwn: true };
  return effectiveTime(decoded.envelope.time, publishedMs, maxSkew);
}
