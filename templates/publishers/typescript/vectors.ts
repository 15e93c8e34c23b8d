/**
 * Shows that the publisher builds what the vectors say: `node vectors.ts FOLDER`. A JSON line per case; fails if one
 * differs.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { envelope, source } from "./order-publisher.ts";

interface Case {
  readonly name: string;
  readonly body?: string;
  readonly expect: readonly Record<string, unknown>[];
}

const type = "order.created";
const ours = { specversion: "1.0", source, type, dataschema: `urn:omnibus:${type}:1` };
/** These are about the bytes of a text, which a publisher leaves to its JSON library. */
const ofTheText: readonly unknown[] = ["bad-encoding", "bad-json", "too-large"];

/** What the case's event is when this publisher builds it; nothing when it never builds such a one. */
function rebuild({ body, expect }: Case) {
  const expected = expect[0];
  if (
    body === undefined ||
    expected === undefined ||
    expect.length > 1 ||
    ofTheText.includes(expected.code)
  ) {
    return undefined;
  }
  const event = JSON.parse(body);
  const { specversion, id, source, type, time, dataschema, data, ...extensions } = event ?? {};
  if (!isDeepStrictEqual({ specversion, source, type, dataschema }, ours)) return undefined;
  if (typeof id !== "string" || typeof time !== "string" || data === undefined) return undefined;
  return { event, built: envelope(id, time, data, extensions), expected };
}

function problemOf({ event, built, expected }: NonNullable<ReturnType<typeof rebuild>>): string | null {
  const read = JSON.parse(built);
  if (!isDeepStrictEqual(read, event)) return `${built} is another event`;
  // That one is refused, and why, is for consumers to say.
  if (expected.ok !== true) return null;
  const { id, source, type, data, correlationid } = read;
  const dataHash = createHash("sha256").update(canonical(data)).digest("hex");
  const said = Object.entries({ id, source, type, correlationid: correlationid ?? id, dataHash });
  const wrong = said.find(([name, value]) => value !== expected[name]);
  return wrong ? `${wrong[0]} is ${wrong[1]}, not ${expected[wrong[0]]}` : null;
}

/** RFC 8785: JSON's own numbers and strings, keys in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

/** For ordered topics: the MessageDeduplicationId, beside a MessageGroupId, the event's `partitionkey`. */
function deduplicationId(source: string, id: string): string {
  return createHash("sha256").update(`${source}\n${id}\n`).digest("hex");
}

const load = (name: string) => JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, "utf8")).cases;
const results = [
  ...load("envelopes").flatMap((one: Case) => {
    const rebuilt = rebuild(one);
    return rebuilt ? [{ case: one.name, body: rebuilt.built, problem: problemOf(rebuilt) }] : [];
  }),
  ...load("deduplication-id").map((one: { source: string; id: string; deduplicationId: string }) => {
    const made = deduplicationId(one.source, one.id);
    const problem = made === one.deduplicationId ? null : `the deduplication id is ${made}`;
    return { case: `deduplication of ${one.id}`, problem };
  }),
];
for (const result of results) console.log(JSON.stringify(result));
process.exitCode = results.some(({ problem }) => problem !== null) ? 1 : 0;
