import { archiveKind } from "../../archive/index.ts";
import { systemClock, uuidv7 } from "../../clock.ts";
import type { ArchiveSettings } from "../../env.ts";
import { dynamoLedgerReader } from "../../ledger/index.ts";
import { defaultCalls, dynamoLimits, type LimitStore } from "../../limits/index.ts";
import { archiveBucketName, jobsTableName, ledgerTableName, limitsTableName } from "../../names.ts";
import { s3Objects, segmentsOf } from "../../segments/index.ts";
import { logLine, type Sink, standardOutput } from "../../telemetry/index.ts";
import { dynamoReplays } from "../dynamo-replays.ts";
import type { ReplayParts } from "../run-replay.ts";
import { sqsReplayQueue } from "../sqs-replay-queue.ts";
import { type CallMember, lambdaMembers, readMemberCall } from "./call-member.ts";
import { type MemberEnd, runMember } from "./run-member.ts";

/** Before its time is over, a member gives back what it is at; of a short time a quarter. */
const marginMs = 20_000;

/** What tests put in the place of AWS. */
export type ReplayerParts = Partial<ReplayParts> & {
  readonly limits?: LimitStore;
  readonly callMember?: CallMember;
  readonly sink?: Sink;
};

/** A Lambda function that is one member of a replay's fleet. Answers how that ended. */
export type ReplayerHandler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<{ readonly replay: string; readonly member: number; readonly end: MemberEnd }>;

/**
 * Makes the function that is called once for each member of a fleet. Before its time is over it gives back the part that it is at, and calls
 * itself. It throws where it could not go on: Lambda calls it twice more then, and `bus replay resume` does so afterwards.
 */
export function replayer(settings: ArchiveSettings, given: ReplayerParts = {}): ReplayerHandler {
  const { bus, account, region, spanMs, graceMs } = settings;
  const { clock = systemClock, sink = standardOutput } = given;
  const parts: ReplayParts = {
    store: given.store ?? dynamoReplays({ table: jobsTableName(bus), clock }),
    archive:
      given.archive ??
      segmentsOf({
        store: s3Objects({ bucket: archiveBucketName(bus, account, region), clock }),
        kind: archiveKind,
        ...{ spanMs, graceMs, clock },
      }),
    queue: given.queue ?? sqsReplayQueue(),
    // A consumer without a ledger has nothing in it.
    ledger: given.ledger ?? dynamoLedgerReader({ table: ledgerTableName(bus), clock }),
    clock,
  };
  const limits = given.limits ?? dynamoLimits({ table: limitsTableName(bus), calls: defaultCalls(), clock });
  const callMember = given.callMember ?? lambdaMembers({ bus });

  return async (event, context) => {
    const call = readMemberCall(event);
    const remainingMs = context.getRemainingTimeInMillis();
    const stop = new AbortController();
    const cancel = clock.after(remainingMs - Math.min(marginMs, remainingMs / 4), () => stop.abort());
    try {
      const run = { ...parts, ...call, limits, owner: uuidv7(clock), signal: stop.signal };
      const end = await runMember(run);
      if (end === "stopped") await callMember(call);
      logLine("info", { message: "replayed", ...call, end }, { timeMs: clock.nowMs(), sink });
      return { ...call, end };
    } finally {
      cancel();
    }
  };
}
