import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { schemaProblem } from "../../lib/python/index.ts";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { backoffMs } from "../../src/backoff.ts";
import {
  type Contract,
  canonicalJson,
  type Decoded,
  dataHash,
  decodeMessage,
  defineEvent,
  emittedId,
  identityOf,
  openEnvelope,
  sealEvent,
} from "../../src/contract/index.ts";
import { judgeClaim } from "../../src/ledger/judge-claim.ts";
import { ledgerKey } from "../../src/ledger/ledger-key.ts";
import type { ClaimRequest, ClaimTerms, Ending, RecordRequest } from "../../src/ledger/ports.ts";
import { ledgerStatements } from "../../src/ledger/statements.ts";
import { type OutboxRow, outboxTable, rowWrites } from "../../src/outbox/index.ts";
import { standardSchema } from "./standard-schema.ts";

const folder = new URL("../vectors/", import.meta.url);

type Case = Readonly<Record<string, unknown>>;
/** One file of vectors: its cases, and what they have in common. */
export type Vectors = Readonly<Record<string, unknown>> & { readonly cases: readonly Case[] };

export function vectorFiles(): readonly string[] {
  return readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
}

export function loadVectors(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

/** The cases that TypeScript does not agree with, as expected and found. */
export function vectorFailures(name: string, vectors: Vectors): readonly unknown[] {
  const { fields, run } = vectorRunner(name);
  return vectors.cases.flatMap((one) => {
    const expected = fields.map((field) => one[field]);
    const found = run(one, vectors);
    return canonicalJson(found) === canonicalJson(expected) ? [] : [{ case: one, expected, found }];
  });
}

interface Runner {
  /** Those that hold what a case expects. */
  readonly fields: readonly string[];
  readonly run: (one: Case, vectors: Vectors) => readonly unknown[];
}

export function vectorRunner(name: string): Runner {
  const runner = runners[name];
  if (!runner) throw new Error(`nothing runs the vectors of ${name}`);
  return runner;
}

const texts: Runner = {
  fields: ["canonical", "dataHash"],
  run: ({ json }) => {
    const value: unknown = JSON.parse(json as string);
    return [canonicalJson(value), dataHash(value)];
  },
};

const runners: Readonly<Record<string, Runner>> = {
  backoff: {
    fields: ["delayMs"],
    run: ({ attempt, random, ...delays }) => [
      backoffMs(
        { ...virtualClock(), random: () => random as number },
        attempt as number,
        delays as unknown as Parameters<typeof backoffMs>[2],
      ),
    ],
  },
  "canonical-json": texts,
  "data-hash": texts,
  "deduplication-id": {
    fields: ["deduplicationId"],
    run: (one) => [hash("sha256", identityOf(one as never), "hex")],
  },
  "emitted-id": { fields: ["emittedId"], run: (one) => [emittedId(one as never)] },
  envelopes: { fields: ["expect"], run: envelope },
  "ledger-key": { fields: ["key"], run: (one) => [ledgerKey(one as never)] },
  "ledger-statements": { fields: ["statement"], run: statement },
  "outbox-row": { fields: ["item", "step"], run: outboxWrites },
  redelivery: {
    fields: ["expect"],
    run: ({ item }, { hash: dataHash, owner, nowMs }) => {
      const terms = { owner: owner as string, leaseEndsMs: 0 };
      return [judgeClaim((item ?? undefined) as never, { hash: dataHash } as never, terms, nowMs as number)];
    },
  },
  "schema-subset": { fields: ["at"], run: ({ schema }) => [schemaProblem(schema)?.at ?? null] },
  "tenant-group": { fields: ["group"], run: ({ data }) => [tenantGroupOf(data)] },
};

function outboxWrites({ message, createdMs, order, prefix = "" }: Case): readonly unknown[] {
  const table = outboxTable({ table: "shop-outbox", prefix: prefix as string });
  const [row, step] = rowWrites(table, [{ message, createdMs, order } as OutboxRow]);
  const { Key: key, ConditionExpression: condition, ExpressionAttributeValues: values } = step?.Update ?? {};
  return [row?.Put?.Item, step ? { key, condition, values } : null];
}

const ofTenant = defineEvent("thing.happened", {
  version: 1,
  topic: "things",
  schema: standardSchema({}),
  tenant: "tenant" as never,
});

function tenantGroupOf(data: unknown): string | null {
  const sealed = sealEvent(ofTenant, data, { source: "/shop/web", id: "e-1", timeMs: 0 });
  if (sealed instanceof Promise) throw new Error("this contract is validated at once");
  return sealed.groupId ?? null;
}

interface GivenContract {
  readonly type: string;
  readonly version: number;
  readonly topic: string;
  readonly schema: object;
}

/** Made once per file: compiling a schema takes longer than all that is done with it. */
const contracts = new WeakMap<object, Contract>();

function contractOf(given: GivenContract): Contract {
  const known = contracts.get(given);
  if (known) return known;
  const { type, version, topic, schema } = given;
  const made = defineEvent(type, { version, topic, schema: standardSchema(schema) });
  contracts.set(given, made);
  return made;
}

function envelope(one: Case, { contract: given }: Vectors): readonly unknown[] {
  const contract = contractOf(given as GivenContract);
  const expected = one.expect as readonly Case[];
  return [
    decodeMessage(bodyOf(one)).map((decoded, index) =>
      read(decoded, contract, expected[index]?.decodedOnly === true),
    ),
  ];
}

function read(decoded: Decoded, contract: Contract, decodedOnly: boolean): unknown {
  if (!decoded.ok) return { code: decoded.rejection.code, field: decoded.rejection.field };
  const opened = decodedOnly ? undefined : openEnvelope(decoded.envelope, [contract]);
  if (opened instanceof Promise) throw new Error("this contract is validated at once");
  if (opened?.ok === false) return { code: opened.rejection.code, field: opened.rejection.field };
  const { id, source, type: of, correlationid, data } = decoded.envelope;
  const said = { ok: true, id, source, type: of, correlationid, dataHash: dataHash(data) };
  return decodedOnly ? { ...said, decodedOnly } : said;
}

/** What a case sends: text, text repeated, or bytes in base64. */
function bodyOf({ body, base64, parts }: Case): string | Uint8Array {
  if (typeof base64 === "string") return Buffer.from(base64, "base64");
  if (typeof body === "string") return body;
  return (parts as readonly [string, number][]).map(([text, times]) => text.repeat(times)).join("");
}

interface StatementArguments {
  readonly event: ClaimRequest;
  readonly terms: ClaimTerms;
  readonly ending: Ending;
  readonly attempts: number;
  readonly expires: number;
  readonly nowMs: number;
  readonly owner: string;
  readonly key: string;
}

function statement({ call, arguments: given }: Case, { table }: Vectors): readonly unknown[] {
  const statements = ledgerStatements(table as string);
  const { event, terms, ending, attempts, expires, nowMs, owner, key } = given as StatementArguments;
  switch (call) {
    case "claim":
      return [statements.claim(event, terms, expires)];
    case "takeOver":
      return [statements.takeOver(event, terms, expires, nowMs)];
    case "end":
      return [statements.end(ending, owner, expires, nowMs)];
    case "record":
      return [statements.record({ ...event, attempts, ending } as RecordRequest, expires, nowMs)];
    case "redrive":
      return [statements.redrive(event, terms, expires)];
    case "recordOver":
      return [statements.recordOver({ ...event, attempts, ending } as RecordRequest, expires, nowMs)];
    case "sent":
      return [statements.sent(key)];
    default:
      return [statements.read(key)];
  }
}
