import { consume } from "../../src/consume/index.ts";
import { DependencyDown } from "../../src/index.ts";
import { orderPlaced } from "./contracts.ts";
import { dependency } from "./names.ts";

/** The partner answers in milliseconds when it is well. */
const patienceMs = 2_000;

/** Has an order paid for. The effect key is the partner's idempotency key: asked twice, it pays once. */
export const handler = consume(orderPlaced, async ({ data: { order, cents, partner } }, { effectKey }) => {
  const response = await fetch(`${partner}/pay`, {
    method: "POST",
    headers: { "idempotency-key": effectKey },
    body: JSON.stringify({ order, cents }),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw new DependencyDown(dependency, { cause });
  });
  await response.arrayBuffer();
  if (response.status >= 500) throw new DependencyDown(dependency, { cause: `status ${response.status}` });
  if (!response.ok) throw new Error(`the partner answered ${response.status}`);
});
