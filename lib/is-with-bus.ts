import { Stack, Token } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { IEventBus } from "./event-bus-address.ts";

/** Whether a construct runs in its bus's account and region; believed where they are not known yet. */
export function isWithBus(construct: Construct, bus: IEventBus): boolean {
  const { account, region } = Stack.of(construct);
  const same = (one: string, other: string) =>
    one === other || Token.isUnresolved(one) || Token.isUnresolved(other);
  return same(account, bus.account) && same(region, bus.region);
}
