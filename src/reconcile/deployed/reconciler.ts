import { systemClock } from "../../clock.ts";
import { type ReconcilerSettings, readJobSettings } from "../../env.ts";
import { SettingsError } from "../../errors.ts";
import { archiveBucketName, jobsTableName, windowsQueueName } from "../../names.ts";
import { s3Objects } from "../../segments/index.ts";
import { standardOutput } from "../../telemetry/index.ts";
import type { Difference } from "../difference.ts";
import { dynamoReconcileStore } from "../dynamo-store.ts";
import type { LedgerSource } from "../ports.ts";
import { dynamoRepairs } from "../repair/dynamo-repairs.ts";
import type { RepairContext, Repairer } from "../repair/how.ts";
import { userRepairer } from "../repair/user-repairer.ts";
import type { ReconcileStore } from "../state.ts";
import { jobHandler, type ReconcilerHandler } from "./job-handler.ts";
import type { PartedJob } from "./job-parts.ts";
import { sqsParts } from "./sqs-parts.ts";

/** A side, or what makes it out of the job's settings: of its span, its bus, its region. */
export type Side = LedgerSource | ((settings: ReconcilerSettings) => LedgerSource | Promise<LedgerSource>);

/** What a job compares, and how what differs is repaired. */
export interface ReconcilerDefinition {
  readonly left: Side;
  readonly right: Side;
  /**
   * Repairs one difference. It is called when a plan is applied, or by itself where the construct's `repair.auto` allows it;
   * never for what is only late. At least once: hand `ctx.effectKey` to whoever can know it again. What it claims is not
   * believed: the difference is looked up afterwards, and after two repairs that left it as it was, people are asked.
   * @default people are told what to look at
   */
  readonly repair?: (difference: Difference, ctx: RepairContext) => Promise<void> | void;
  /**
   * What a difference is about, in whole units such as cents: for sums, and for ceilings of `repair.auto`.
   * @default nothing is known about amounts
   */
  readonly amountOf?: (difference: Difference) => number | undefined;
}

/** What tests put in the place of AWS: a deployed function needs none of that. */
export type ReconcilerOptions = Partial<
  Pick<PartedJob, "settings" | "store" | "repairs" | "parts" | "objects" | "clock" | "sink">
>;

/**
 * Makes the Lambda function of a `Reconciler` construct: compares two sides on its schedule, goes on where it stopped, hands
 * large comparisons out to itself, writes reports, and repairs what is allowed.
 *
 * Throws `SettingsError` where the construct's ceilings need what is not here.
 *
 * @example
 * export const handler = reconciler({
 *   left: ({ spanMs }) => sqlSource({ name: "bank-a", database, table: "debits", key: "id", time: "at_ms", fields, spanMs }),
 *   right: statement,
 *   repair: async (difference, ctx) => bankB.book(difference.left[0], { idempotencyKey: ctx.effectKey }),
 *   amountOf: ({ left, right }) => Number((left[0] ?? right[0])?.fields.cents),
 * });
 */
export function reconciler(
  { left, right, repair, amountOf }: ReconcilerDefinition,
  options: ReconcilerOptions = {},
): ReconcilerHandler {
  const settings = options.settings;
  if (settings) refuseCeiling(settings, amountOf);
  return jobHandler(async () => {
    const known = settings ?? readJobSettings<ReconcilerSettings>();
    refuseCeiling(known, amountOf);
    const sides = await Promise.all([left, right].map((side) => sideOf(side, known)));
    return deployedJob(
      { ...options, settings: known },
      sides as [LedgerSource, LedgerSource],
      userRepairer({ repair, amountOf }),
    );
  });
}

/** Puts a deployed job together: what is not given is AWS's, by the names of its bus. */
export async function deployedJob(
  { settings, clock = systemClock, ...given }: ReconcilerOptions & { readonly settings: ReconcilerSettings },
  [left, right]: readonly [LedgerSource, LedgerSource],
  repairer: Repairer,
): Promise<PartedJob> {
  const { bus, account, region, job: name, settleMs, spanMs, keepMs, lateAfterMs } = settings;
  const table = jobsTableName(bus);
  const store = given.store ?? dynamoReconcileStore({ table, clock });
  return {
    settings,
    job: {
      name,
      left,
      right,
      beginMs: settings.beginMs ?? (await beginOf(name, store)) ?? clock.nowMs() - settleMs,
      settleMs,
      spanMs,
      ...(keepMs === undefined ? {} : { keepMs }),
      ...(lateAfterMs === undefined ? {} : { lateAfterMs }),
    },
    repairer,
    store,
    repairs: dynamoRepairs({ table, clock }),
    parts: sqsParts({ queueName: windowsQueueName(bus, name) }),
    objects: s3Objects({ bucket: settings.bucket ?? archiveBucketName(bus, account, region), clock }),
    clock,
    sink: standardOutput,
    ...given,
  };
}

/** Where a job that nobody has set a beginning began, when it ran first: with what had not settled then. */
async function beginOf(job: string, store: ReconcileStore): Promise<number | undefined> {
  const [remembered] = await store.read([job]);
  return remembered?.progress?.beganMs;
}

async function sideOf(side: Side, settings: ReconcilerSettings): Promise<LedgerSource> {
  return typeof side === "function" ? side(settings) : side;
}

function refuseCeiling({ job, auto }: ReconcilerSettings, amountOf: ReconcilerDefinition["amountOf"]): void {
  if (auto?.atMost.amount === undefined || amountOf) return;
  throw new SettingsError(
    "reconciler-amount",
    `reconciler ${job} may repair ${auto.atMost.amount} by itself at most, and its code has no amountOf: give reconciler({ …, amountOf }), or leave atMost.amount out`,
  );
}
