import { archivedWithin, archiveKind } from "../../archive/index.ts";
import { systemClock } from "../../clock.ts";
import { type DeliverySettings, readJobSettings } from "../../env.ts";
import { OmnibusError } from "../../errors.ts";
import { journaledWithin, journalKind } from "../../journal/index.ts";
import { dynamoLedgerReader } from "../../ledger/index.ts";
import {
  archiveBucketName,
  consumerOfJob,
  jobsTableName,
  ledgerTableName,
  parkedTableName,
} from "../../names.ts";
import { dynamoParked } from "../../parking/index.ts";
import { s3Objects, segmentsOf } from "../../segments/index.ts";
import { standardOutput } from "../../telemetry/index.ts";
import { answerRequest, type ReconcilerAnswer } from "../deployed/job-handler.ts";
import { type ReconcilerRequest, RequestError, readRequest } from "../deployed/request.ts";
import { dynamoReconcileStore } from "../dynamo-store.ts";
import { dynamoRepairs } from "../repair/dynamo-repairs.ts";
import { sealedBook } from "../sealed/sealed-book.ts";
import { awsBusSight } from "./aws-bus-sight.ts";
import { consumerJob } from "./consumer-job.ts";
import type { Books, DeliveryParts } from "./delivery-parts.ts";
import type { DeliveryReport } from "./delivery-report.ts";
import { dynamoKnownConsumers } from "./dynamo-known.ts";
import { archiveBacklog } from "./queue-states.ts";
import { runDelivery, whyNot } from "./run-delivery.ts";
import { sqsSender } from "./sqs-sender.ts";
import { viewBus } from "./view-bus.ts";

/** What the function answers: of one consumer's job as every reconciliation does, of all together their report. */
export type DeliveryAnswer =
  | Exclude<ReconcilerAnswer, { readonly batchItemFailures: unknown }>
  | { readonly did: "deliver"; readonly report: DeliveryReport; readonly reportUrl: string };

/** A Lambda function that reconciles delivery: by its schedule, and as people ask. */
export type DeliveryHandler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<DeliveryAnswer>;

/** A consumer was asked about that is not judged; the message says why. */
export class NotJudged extends OmnibusError {}

/**
 * Makes the function that finds out whether every archived event reached every consumer whose filter matched it, and sends
 * again what did not. Asked for a run, it goes through all consumers of the bus; asked about `delivery-{consumer}`, it does
 * what reconciliations do.
 *
 * Throws `SettingsError` where the function has no settings, `RequestError` for what it does not understand, `NotJudged`.
 *
 * @example
 * export const handler = deliveryReconciler();
 */
export function deliveryReconciler(given: Partial<DeliveryParts> = {}): DeliveryHandler {
  const parts = partsOf({ ...given, settings: given.settings ?? readJobSettings<DeliverySettings>() });
  const books = booksOf(parts);
  return async (event, context) => {
    const request = readRequest(event);
    const remainingMs = () => context.getRemainingTimeInMillis();
    if ("records" in request) throw new RequestError("request", "this function has no queue of its own");
    if (request.job === undefined && request.do === "run") {
      return { did: "deliver", ...(await runDelivery(parts, books, remainingMs)) };
    }
    return (await askOne(request, parts, books, remainingMs)) as DeliveryAnswer;
  };
}

async function askOne(
  request: ReconcilerRequest,
  parts: DeliveryParts,
  books: Books,
  remainingMs: () => number,
): Promise<ReconcilerAnswer> {
  const { settings, known, clock } = parts;
  const only = consumerOfJob(request.job ?? "");
  if (only === undefined) {
    throw new RequestError(
      "request",
      `to ${request.do} there must be a job that begins with delivery-, and it is ${JSON.stringify(request.job)}`,
    );
  }
  books.archive.refresh();
  books.journal.refresh();
  const busBeganMs = await known.beganMs(clock.nowMs());
  const [all, archived] = await Promise.all([
    viewBus(settings, parts),
    archiveBacklog(parts, books, settings.spanMs),
  ]);
  const seen = all.find(({ consumer }) => consumer === only);
  const why = seen ? whyNot(seen, parts) : `bus ${settings.bus} has no such consumer`;
  if (why !== undefined || !seen?.known) {
    throw new NotJudged("not-judged", `the delivery of ${only} is not judged: ${why}`);
  }
  const job = await consumerJob(parts, books, seen.known, { busBeganMs, archived });
  return answerRequest(request, job.parts, remainingMs);
}

/** What is not given is AWS's, by the names of the bus. */
function partsOf({
  settings,
  clock = systemClock,
  ...given
}: Partial<DeliveryParts> & { readonly settings: DeliverySettings }): DeliveryParts {
  const { bus, account, region, parks } = settings;
  const table = jobsTableName(bus);
  return {
    settings,
    objects: s3Objects({ bucket: archiveBucketName(bus, account, region), clock }),
    ledger: dynamoLedgerReader({ table: ledgerTableName(bus), clock }),
    ...(parks ? { parked: dynamoParked({ table: parkedTableName(bus), clock }) } : {}),
    sight: awsBusSight({ bus, account, region }),
    sender: sqsSender(),
    known: dynamoKnownConsumers({ table, clock }),
    store: dynamoReconcileStore({ table, clock }),
    repairs: dynamoRepairs({ table, clock }),
    clock,
    sink: standardOutput,
    ...given,
  };
}

function booksOf({ settings: { spanMs, graceMs }, objects: store, clock }: DeliveryParts): Books {
  const cut = { store, spanMs, graceMs, clock };
  return {
    archive: sealedBook(segmentsOf({ ...cut, kind: archiveKind }), archivedWithin),
    journal: sealedBook(segmentsOf({ ...cut, kind: journalKind }), journaledWithin),
  };
}
