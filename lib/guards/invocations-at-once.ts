import { lambda } from "../../src/limits-of-aws.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";

/** Most invocations that a consumer can have at one time: what its mapping asks for, and what is reserved. */
export function invocationsAtOnce({
  drain,
  reserved,
  maximum,
  pollers,
}: Pick<ConsumerFacts, "drain" | "reserved" | "maximum" | "pollers">): number {
  // Its runs do not overlap.
  if (drain === "schedule") return 1;
  const asked = pollers ? pollers.maximum * lambda.pollers.invocationsEach : (maximum ?? lambda.maxBatches);
  return Math.min(asked, reserved ?? asked);
}
