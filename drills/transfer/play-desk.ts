import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DeskSettings } from "./desk.ts";

const script = fileURLToPath(new URL("./desk.ts", import.meta.url));

/**
 * Has bank A's desk play all transfers: starts it again whenever it was killed, kills it itself where `dies` says so, and lets it
 * go on with each batch when `mayGoOn` resolves. Answers how often it was killed.
 */
export async function playDesk(
  settings: DeskSettings,
  {
    mayGoOn,
    dies,
    signal,
  }: {
    /** Called with the transfers that were told so far. */
    readonly mayGoOn: (transfers: number) => Promise<void>;
    readonly dies: (transfers: number) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  for (let kills = 0; ; kills++) {
    const child = fork(script, [JSON.stringify(settings)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      signal,
      killSignal: "SIGKILL",
    });
    child.on("message", async (transfers: number) => {
      // In the middle of its next batch, so that it can be anywhere.
      await mayGoOn(transfers);
      if (!child.connected) return;
      child.send("go on");
      if (dies(transfers)) setTimeout(() => child.kill("SIGKILL"), 5);
    });
    const ended = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code));
    });
    if (ended === 0) return kills;
    if (ended !== null) throw new Error(`bank A's desk ended with ${ended}; what it said stands above`);
    signal.throwIfAborted();
  }
}
