import { sns } from "../limits-of-aws.ts";

/** What SNS takes in a region. Messages a second. */
export interface SnsQuota {
  readonly region: string;
  readonly neededPerSecond: number;
  /** The account's default there, all topics of a kind together. */
  readonly allowedPerSecond: number;
  /** Accounts with topics of their own that would do, if the quota stays as it is. */
  readonly accounts: number;
}

/** The publish quota that a peak needs. Batches lower the price and the CPU; the quota counts messages. */
export function snsQuota(region: string, neededPerSecond: number, fifo: boolean): SnsQuota {
  const ofRegion = sns.publishPerSecond[region] ?? sns.publishPerSecondElsewhere;
  const allowedPerSecond = fifo ? ofRegion.fifo : ofRegion.standard;
  return {
    region,
    neededPerSecond,
    allowedPerSecond,
    accounts: Math.ceil(neededPerSecond / allowedPerSecond),
  };
}
