import { dynoxide } from "./engines/dynoxide.ts";
import { makeMemoryDirectory } from "./engines/memory-directory.ts";

/** A DynamoDB on this machine, and nothing else of the cloud. */
export interface TableEngine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts the local cloud's DynamoDB alone, on a free port, in memory. It ends with this process. */
export async function startTableEngine(): Promise<TableEngine> {
  const { port, stop } = await dynoxide.start({ dataDir: makeMemoryDirectory(), removeDataDir: true });
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}
