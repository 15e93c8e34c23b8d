import { wireTarget } from "../env.ts";
import { sdkStatements } from "./sdk-statements.ts";
import type { ExecuteStatements } from "./statement-port.ts";
import { wireStatements } from "./wire-statements.ts";

/**
 * By small signed calls where the environment has keys and region, as in every Lambda function; else through the AWS
 * SDK, which knows all other ways to keys.
 */
export function defaultStatements(): ExecuteStatements {
  const target = wireTarget("dynamodb");
  return target ? wireStatements(target) : sdkStatements();
}
