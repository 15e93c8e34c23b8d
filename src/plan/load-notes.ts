import { dynamodb, lambda, sqs } from "../limits-of-aws.ts";
import { monthlyBill } from "./monthly-bill.ts";
import type { LoadPlan } from "./plan-load.ts";
import { shownMs, shownNumber, shownUsd } from "./shown.ts";

/** Something to see to that no setting of the consumer decides: a quota, a table, what the plan does not know. */
export interface LoadNote {
  readonly id: string;
  readonly text: string;
}

/** What somebody has to see to before this load comes. */
export function loadNotes(plan: LoadPlan): readonly LoadNote[] {
  return Object.entries(notes).flatMap(([id, note]) => {
    const text = note(plan);
    return text === undefined ? [] : [{ id, text }];
  });
}

const notes: Readonly<Record<string, (plan: LoadPlan) => string | undefined>> = {
  "sns-quota": ({ sns: { region, neededPerSecond, allowedPerSecond, accounts } }) =>
    neededPerSecond <= allowedPerSecond
      ? undefined
      : `SNS takes ${shownNumber(allowedPerSecond)} messages a second from an account in ${region}, and ${shownNumber(neededPerSecond)} are published at the peak: have the quota raised (Service Quotas, SNS), or publish from ${accounts} accounts; batches do not help, it counts messages`,

  "account-concurrency": ({ consumer: { concurrency } }) => {
    const usual = lambda.accountConcurrency - lambda.unreservedConcurrency;
    return concurrency <= usual
      ? undefined
      : `an account has ${shownNumber(lambda.accountConcurrency)} invocations at once in a region, ${lambda.unreservedConcurrency} of them unreserved, and ${shownNumber(concurrency)} are planned here alone: have the quota raised (Service Quotas, Lambda)`;
  },

  "ledger-table": ({ ledger: { writesPerSecond, partitions } }) => {
    const { newTableWritesPerSecond: fresh, tableWritesPerSecond: quota } = dynamodb;
    if (writesPerSecond <= fresh) return undefined;
    const raised =
      writesPerSecond > quota ? `, and have the table's quota of ${shownNumber(quota)} raised` : "";
    return `the ledger takes ${shownNumber(writesPerSecond)} write units a second at the peak (${partitions} partitions), and a new table begins with ${shownNumber(fresh)}: set its warm throughput before${raised}; it doubles by itself within half an hour, and claims are refused and come again until then`;
  },

  "limit-item": ({ ledger: { writesPerLimitItem }, throughput: { rates } }) =>
    writesPerLimitItem <= dynamodb.partitionWritesPerSecond
      ? undefined
      : `one item of limit ${rates[0]?.limit.name} takes ${shownNumber(writesPerLimitItem)} writes a second, and a partition ${shownNumber(dynamodb.partitionWritesPerSecond)}: raise batchSize, or split the limit over more items`,

  "drained-by-schedule": ({ mapping: { mode } }) =>
    mode === "schedule"
      ? `it is drained by schedule: an event that comes while nothing waits is handled within a minute or two`
      : undefined,

  "growing-up": ({ burst, mapping, load }) =>
    burst === undefined || mapping.grownMs <= (load.burst?.forMs ?? 0)
      ? undefined
      : `from quiet, the mapping has all of its concurrency after ${shownMs(mapping.grownMs)}, longer than the burst lasts; ${mapping.mode === "standard" ? "pollers (provisioned mode) begin with more and grow three times as fast" : "more minimum pollers begin with more"}`,

  "outage-in-flight": ({ outage }) =>
    outage === undefined || outage.backlog <= sqs.maxInFlight
      ? undefined
      : `the outage leaves ${shownNumber(outage.backlog)} events, and SQS keeps ${shownNumber(sqs.maxInFlight)} in flight: the rest stays in the queue, untried and safe, until others come back`,

  "limit-key": ({ consumer: { limits } }) => {
    const keyed = limits.filter(({ key }) => key !== undefined);
    return keyed.length === 0
      ? undefined
      : `${keyed.map(({ name }) => name).join(", ")}: each key has the rate for itself, and how many keys are busy at once is not known here, so it is left out`;
  },

  "limit-share": ({ consumer: { sharers } }) => {
    const silent = sharers.filter(({ perSecond }) => perSecond === undefined);
    return silent.length === 0
      ? undefined
      : `${[...new Set(silent.map(({ consumer }) => consumer))].join(", ")} share a limit without saying what they expect: what they take is not counted`;
  },

  "batch-window": ({ consumer, load, bill }) => {
    if (consumer.fifo || consumer.batchWindowMs > 0) return undefined;
    const saved = bill.usd - monthlyBill({ ...consumer, batchWindowMs: 1_000 }, load).usd;
    return saved < Math.max(10, bill.usd / 10)
      ? undefined
      : `with a batchWindow of a second, events come together and cost ${shownUsd(saved)} a month less; each then waits up to a second`;
  },

  "poller-hours": ({ mapping: { mode } }) =>
    mode !== "provisioned"
      ? undefined
      : "what pollers cost by the hour is not in the bill (Lambda pricing, event poller units)",
};
