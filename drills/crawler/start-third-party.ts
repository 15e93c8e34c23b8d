import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { AuditReport } from "./audit.ts";
import { callsPerSecond } from "./contracts.ts";

/** The third party, running. */
export interface ThirdParty {
  readonly url: string;
  audit(): Promise<AuditReport>;
  stop(): Promise<void>;
}

/** Starts it as a process of its own; it ends with this one. */
export async function startThirdParty(): Promise<ThirdParty> {
  const script = fileURLToPath(new URL("./third-party.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(callsPerSecond)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(child.stdout, "data"),
    ended.then(() => Promise.reject(new Error("the third party ended before it listened"))),
  ]);
  const url = String(line).trim();
  return {
    url,
    audit: async () => (await (await fetch(`${url}/audit`)).json()) as AuditReport,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
