import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { archiver } from "../../src/archive/index.ts";
import type { ArchiveSettings } from "../../src/env.ts";
import { journaler } from "../../src/journal/index.ts";
import { inMemoryLeases } from "../../src/leases/index.ts";
import { sealer } from "../../src/sealer/index.ts";
import { inMemoryObjects } from "../../src/segments/index.ts";
import { eventJson, notified, publishedMs, raw } from "../archive/records.ts";
import { changed, item } from "../journal/stream-records.ts";

const settings: ArchiveSettings = {
  v: 1,
  bus: "shop",
  account: "123456789012",
  region: "eu-central-1",
  spanMs: 3_600_000,
  graceMs: 120_000,
  rawKeepMs: 604_800_000,
};

const compile = (name: string) =>
  new Ajv2020({ validateFormats: false }).compile(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), "utf8")),
  );

/** All that archiver, journaler and sealer write of some of everything, by the schema that it must satisfy. */
const written = new Map<string, Record<string, unknown>[]>();
beforeAll(async () => {
  const clock = virtualClock({ startMs: publishedMs });
  const store = inMemoryObjects();
  const sink = () => {};
  const full = eventJson({ subject: "s", causationid: "b", partitionkey: "p", time: "1997-01-01T00:00:00Z" });
  await archiver(settings, { store, clock, sink })({
    Records: [
      notified(full, { group: "g" }),
      notified("no event", { attributes: { seal: { Type: "Binary", Value: "AAEC" } } }),
      notified(`[${eventJson({ id: "a" })},${eventJson({ id: "b" })},1]`),
      raw(eventJson({ id: "c" })),
    ],
  });
  const old = { state: "dead", reason: "permanent", replay: "r-1", time: "1997-01-01T00:00:00Z" } as const;
  await journaler(settings, { store, clock, sink })({
    Records: [changed(item()), changed(item({ id: "o-2", ...old }))],
  });
  await clock.advance(7_200_000);
  await sealer(settings, { store, clock, sink, leases: inMemoryLeases({ clock }) })(
    {},
    { getRemainingTimeInMillis: () => 900_000 },
  );
  const add = (schema: string, value: unknown) =>
    written.set(schema, [...(written.get(schema) ?? []), value as Record<string, unknown>]);
  for (const [key, { body }] of store.objects) {
    const kind = key.split("/")[1];
    if (key.endsWith("manifest.json")) add("segment-manifest", JSON.parse(String(body)));
    else if (key.endsWith(".json")) add("segment-sidecar", JSON.parse(String(body)));
    else if (key.endsWith(".gz")) {
      for (const line of String(gunzipSync(body)).trimEnd().split("\n"))
        add(`${kind}-line`, JSON.parse(line));
    }
  }
});

describe.each([
  ["archive-line", 4 + 6],
  ["journal-line", 2 + 2],
  ["segment-sidecar", 2],
  ["segment-manifest", 2],
])("%s.schema.json", (name, count) => {
  const valid = compile(name);

  it("is satisfied by all that is written", () => {
    const values = written.get(name) ?? [];

    expect(values).toHaveLength(count);
    for (const value of values) expect([value, valid(value), valid.errors]).toEqual([value, true, null]);
  });

  it("knows every field, and takes no other value for it", () => {
    for (const value of written.get(name) ?? []) {
      for (const field of Object.keys(value)) {
        // Counts by type may be none.
        expect([field, valid({ ...value, [field]: {} })]).toEqual([field, field === "types"]);
      }
      expect(valid({ ...value, other: 1 })).toBe(false);
    }
  });
});
