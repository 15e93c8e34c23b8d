import { dataHash } from "../contract/index.ts";

/** Names what one stage does for one run, 32 hex characters: the same on the way forward and on the way back. */
export function runKey(pipeline: string, stage: string, about: unknown): string {
  return dataHash({ pipeline, stage, about }).slice(0, 32);
}
