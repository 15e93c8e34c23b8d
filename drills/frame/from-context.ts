import type { Construct } from "constructs";

/** A number that `-c name=value` on the CDK's command line may set, for machines that need another one than `usual`. */
export function fromContext(scope: Construct, name: string, usual: number): number {
  return Number(scope.node.tryGetContext(name) ?? usual);
}
