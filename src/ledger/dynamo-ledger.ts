import { type Clock, systemClock } from "../clock.ts";
import { describeError, LedgerError } from "../errors.ts";
import { dynamodb } from "../limits-of-aws.ts";
import { defaultStatements } from "./default-statements.ts";
import { readItem, readItems } from "./dynamo-items.ts";
import type { LedgerItem } from "./item.ts";
import { judgeClaim } from "./judge-claim.ts";
import { mayRecordOver } from "./may-record-over.ts";
import type {
  ClaimRequest,
  ClaimResult,
  ClaimTerms,
  Ending,
  EndResult,
  Ledger,
  RecordRequest,
  RecordResult,
} from "./ports.ts";
import type { BatchStatementRequest, BatchStatementResponse, ExecuteStatements } from "./statement-port.ts";
import { ledgerStatements } from "./statements.ts";

/**
 * The ledger on DynamoDB. Requests: one for a batch of first deliveries, two where some were seen before (the
 * write, then one consistent read of what it left unexplained), three where some of those could be taken over.
 *
 * `keepMs`: how long an item is kept after its last write. `execute`: the call that runs statements; small
 * signed calls or the AWS SDK's, as the environment allows, unless told.
 */
export function dynamoLedger({
  table,
  keepMs,
  clock = systemClock,
  execute = defaultStatements(),
}: {
  table: string;
  keepMs: number;
  clock?: Clock;
  execute?: ExecuteStatements;
}): Ledger {
  const statements = ledgerStatements(table);
  const expires = () => Math.ceil((clock.nowMs() + keepMs) / 1000);

  const run = async (
    requests: readonly BatchStatementRequest[],
  ): Promise<readonly BatchStatementResponse[]> => {
    const chunks = chunksOf(requests, dynamodb.batchStatements);
    const answers = await Promise.allSettled(chunks.map(execute));
    const failure = answers.find((answer) => answer.status === "rejected");
    // One chunk's failure must not hide what the others have written.
    if (failure && answers.every((answer) => answer.status === "rejected")) {
      const { name, message } = describeError(failure.reason);
      throw new LedgerError(
        `the ledger ${table} did not answer (${name}: ${message}); nothing is run without it`,
        failure.reason,
      );
    }
    return answers.flatMap((answer, index) =>
      answer.status === "fulfilled" ? answer.value : (chunks[index] ?? []).map(() => unanswered),
    );
  };

  /** For what follows a write: its failure must not hide what the write has done. */
  const runOn = (requests: readonly BatchStatementRequest[]) =>
    run(requests).catch(() => requests.map(() => unanswered));
  const read = (keys: readonly string[]) => readItems(keys, statements.read, runOn);

  /** One try: what was written, then an explanation of what was refused. */
  const explainClaims = async (
    requests: readonly ClaimRequest[],
    terms: ClaimTerms,
    responses: readonly BatchStatementResponse[],
  ): Promise<Judged[]> => {
    const judged = requests.map((request, index) =>
      outcomeOfWrite(request, responses[index], terms, clock.nowMs()),
    );
    const unexplained = requests.filter((_, index) => judged[index] === undefined);
    if (unexplained.length === 0) return judged as Judged[];
    const items = await read(unexplained.map((request) => request.key));
    return judged.map((known, index) => {
      const request = requests[index] as ClaimRequest;
      if (known) return known;
      const found = items.get(request.key);
      if (found?.error) return { status: "failed", code: found.error };
      return judgeClaim(found?.item, request, terms, clock.nowMs());
    });
  };

  return {
    async claim(requests, terms) {
      const writes = requests.map((request) =>
        request.redelivered
          ? statements.takeOver(request, terms, expires(), clock.nowMs())
          : statements.claim(request, terms, expires()),
      );
      const results = await explainClaims(requests, terms, await run(writes));
      const open = requests.filter((_, index) => isOpen(results[index]));
      if (open.length === 0) return results as ClaimResult[];
      const found = new Map(requests.map((request, index) => [request, results[index]?.status]));
      const rewrites = open.map((request) => {
        switch (found.get(request)) {
          case "absent":
            return statements.claim(request, terms, expires());
          case "redrivable":
            return statements.redrive(request, terms, expires());
          default:
            return statements.takeOver(request, terms, expires(), clock.nowMs());
        }
      });
      const second = await explainClaims(open, terms, await runOn(rewrites));
      const byKey = new Map(
        open.map((request, index) => [request.key, settle(second[index], clock.nowMs())]),
      );
      return requests.map((request, index) => byKey.get(request.key) ?? (results[index] as ClaimResult));
    },

    async end(endings, owner) {
      const responses = await run(
        endings.map((ending) => statements.end(ending, owner, expires(), clock.nowMs())),
      );
      const results = endings.map((ending, index) => outcomeOfEnd(ending, responses[index], owner));
      const unexplained = endings.filter((_, index) => results[index] === undefined);
      if (unexplained.length === 0) return results as EndResult[];
      const items = await read(unexplained.map((ending) => ending.key));
      return endings.map((ending, index) => {
        const found = items.get(ending.key);
        if (found?.error) return { status: "failed", code: found.error };
        return results[index] ?? endedBy(ending, found?.item, owner);
      });
    },

    async record(requests) {
      const responses = await run(
        requests.map((request) => statements.record(request, expires(), clock.nowMs())),
      );
      const refused = requests.filter((_, index) => responses[index]?.Error?.Code === "DuplicateItem");
      const items = refused.length > 0 ? await read(refused.map((request) => request.key)) : undefined;
      const undone = refused.filter((request) => {
        const item = items?.get(request.key)?.item;
        return item?.hash === request.hash && mayRecordOver(item, request.ending, clock.nowMs());
      });
      const again = new Map<string, RecordResult>();
      if (undone.length > 0) {
        const answers = await runOn(
          undone.map((request) => statements.recordOver(request, expires(), clock.nowMs())),
        );
        undone.forEach((request, index) => {
          const code = answers[index]?.Error?.Code;
          again.set(request.key, code ? { status: "failed", code } : { status: "recorded" });
        });
      }
      return requests.map((request, index) =>
        outcomeOfRecord(request, responses[index], items?.get(request.key), again),
      );
    },

    async sent(keys) {
      if (keys.length > 0) await run(keys.map((key) => statements.sent(key)));
    },
  };
}

type Judged = ReturnType<typeof judgeClaim>;

/** A statement whose chunk got no answer: it may have been written, and its own call will know it again. */
const unanswered: BatchStatementResponse = { Error: { Code: "InternalServerError", Message: "no answer" } };

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

/** Whether a claim may be written where this was found. */
function isOpen(judged: Judged | undefined): judged is Exclude<Judged, ClaimResult> {
  return judged?.status === "absent" || judged?.status === "takeable" || judged?.status === "redrivable";
}

/** After the second try whatever is still open is being fought over: it is held by others, for now. */
function settle(judged: Judged | undefined, nowMs: number): ClaimResult {
  return !judged || isOpen(judged) ? { status: "held", leaseEndsMs: nowMs } : judged;
}

/** What the answer to a claim's write says by itself; `undefined` where the item must be read. */
function outcomeOfWrite(
  request: ClaimRequest,
  response: BatchStatementResponse | undefined,
  terms: ClaimTerms,
  nowMs: number,
): Judged | undefined {
  const code = response?.Error?.Code;
  if (code === undefined) {
    const before = readItem(response?.Item);
    return {
      status: "claimed",
      attempts: (before?.attempts ?? 0) + 1,
      takenOver: before?.state === "claimed",
    };
  }
  if (code !== "ConditionalCheckFailed" && code !== "DuplicateItem") return { status: "failed", code };
  const told = readItem(response?.Error?.Item);
  return told ? judgeClaim(told, request, terms, nowMs) : undefined;
}

function outcomeOfEnd(
  ending: Ending,
  response: BatchStatementResponse | undefined,
  owner: string,
): EndResult | undefined {
  const code = response?.Error?.Code;
  if (code === undefined) return { status: "ended" };
  if (code !== "ConditionalCheckFailed") return { status: "failed", code };
  const told = readItem(response?.Error?.Item);
  return told ? endedBy(ending, told, owner) : undefined;
}

/** A refused ending: ours from an earlier try whose answer was lost, or another owner's. */
function endedBy(ending: Ending, item: LedgerItem | undefined, owner: string): EndResult {
  return { status: item?.owner === owner && item.state === ending.to ? "ended" : "lost" };
}

function outcomeOfRecord(
  request: RecordRequest,
  response: BatchStatementResponse | undefined,
  found: { item?: LedgerItem; error?: string } | undefined,
  again: ReadonlyMap<string, RecordResult>,
): RecordResult {
  const code = response?.Error?.Code;
  if (code === undefined) return { status: "recorded" };
  if (code !== "DuplicateItem") return { status: "failed", code };
  if (!found?.item) return { status: "failed", code: found?.error ?? code };
  if (found.item.hash !== request.hash) return { status: "id-reused" };
  return again.get(request.key) ?? { status: "already", emits: found.item.emits ?? [] };
}
