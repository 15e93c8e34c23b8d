import { wireTarget } from "../env.ts";
import type { DynamoCalls } from "./dynamo-calls.ts";
import { sdkCalls } from "./sdk-calls.ts";
import { wireCalls } from "./wire-calls.ts";

/**
 * By small signed calls where the environment has keys and region, as in every Lambda function; else through the AWS
 * SDK, which knows all other ways to keys.
 */
export function defaultCalls(): DynamoCalls {
  const target = wireTarget("dynamodb");
  return target ? wireCalls(target) : sdkCalls();
}
