import { ContractError, SettingsError } from "../../src/errors.ts";
import { UsageError } from "../usage-error.ts";

/** Names and types that cannot be are mistakes of the command line: the guards' own words, with its exit code. */
export async function explainNames<Plan>(plan: () => Promise<Plan>): Promise<Plan> {
  try {
    return await plan();
  } catch (error) {
    if (error instanceof SettingsError || error instanceof ContractError) {
      throw new UsageError(error.message);
    }
    throw error;
  }
}
