import { type BesideServer, startBeside } from "../frame/start-beside.ts";
import type { AuditReport } from "./audit.ts";
import { callsPerSecond } from "./contracts.ts";

/** The third party, running. */
export interface ThirdParty extends BesideServer {
  audit(): Promise<AuditReport>;
}

/** Starts it as a process of its own; it ends with this one. */
export async function startThirdParty(): Promise<ThirdParty> {
  const script = new URL("./third-party.ts", import.meta.url);
  const server = await startBeside({ script, words: [String(callsPerSecond)] });
  return {
    ...server,
    audit: async () => (await (await fetch(`${server.url}/audit`)).json()) as AuditReport,
  };
}
