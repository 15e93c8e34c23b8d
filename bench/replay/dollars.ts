import { prices } from "../../src/plan/index.ts";

const million = 1_000_000;
/** (aws.amazon.com/s3/pricing) */
const perThousandGets = 0.0004;
/** As `readPages` fetches them. */
const blocksPerGet = 8;
const blockBytes = 256 * 1024;

/** What sending a million archived events costs by list prices of us-east-1, in dollars; handling them is not in it. */
export function dollarsPerMillion({
  eventBytes,
  lineBytes,
}: {
  readonly eventBytes: number;
  readonly lineBytes: number;
}) {
  const gets = Math.ceil((million * lineBytes) / (blockBytes * blocksPerGet));
  const s3 = (gets / 1_000) * perThousandGets;
  const requests = (million / 10) * Math.ceil((10 * eventBytes) / prices.sqs.requestBytes);
  const sqs = (requests / million) * prices.sqs.perMillionRequests;
  // A consistent read of an item up to 4 KB is one unit.
  const ledger = prices.dynamodb.perMillionReadUnits;
  const eventBridge =
    Math.ceil(eventBytes / prices.eventbridge.eventBytes) * prices.eventbridge.perMillionEvents +
    prices.sqs.perMillionRequests;
  return {
    ours: round(s3 + sqs + ledger),
    /** Without the look at what is done. */
    again: round(s3 + sqs),
    /** Replayed events cost as custom events; its rule sends each to the queue by a request of its own. */
    eventBridge: round(eventBridge),
  };
}

function round(dollars: number): number {
  return Math.round(dollars * 1_000) / 1_000;
}
