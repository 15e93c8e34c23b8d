import { SettingsError } from "../src/errors.ts";
import { checkBus } from "../src/name-rules.ts";
import { UsageError } from "./usage-error.ts";

/** A name that a bus can have: another one is refused before anything is asked of a cloud. */
export function busName(typed: string): string {
  try {
    return checkBus(typed);
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(error.message) : error;
  }
}
