import type { Contract } from "./contract.ts";

/** `order.created:1`: how settings, logs and the CLI name a contract. */
export function contractKey(contract: Pick<Contract, "type" | "version">): string {
  return `${contract.type}:${contract.version}`;
}
