import { lambda } from "../../src/limits-of-aws.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";

/** Most invocations that a consumer can have at one time: what its mapping asks for, and what is reserved. */
export function invocationsAtOnce({
  reserved,
  maximum,
  pollers,
}: Pick<ConsumerFacts, "reserved" | "maximum" | "pollers">): number {
  const asked = pollers ? pollers.maximum * lambda.pollers.invocationsEach : (maximum ?? lambda.maxBatches);
  return Math.min(asked, reserved ?? asked);
}
