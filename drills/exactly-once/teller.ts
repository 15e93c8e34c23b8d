import { type ConsumeOptions, consume, type SqsHandler } from "../../src/consume/index.ts";
import { transferAsked } from "./contracts.ts";
import type { Die } from "./crash-points.ts";

/** Calls the partner of a transfer. */
export type CallPartner = (
  partner: string,
  call: { readonly index: number; readonly key: string; readonly invocation: string },
) => Promise<void>;

/**
 * A process that tells a partner of transfers, which ends before the call, after it, or behind its batch, where a transfer says
 * so.
 */
export function createTeller({
  call,
  die,
  options = {},
}: {
  readonly call: CallPartner;
  readonly die: Die;
  readonly options?: ConsumeOptions;
}): SqsHandler {
  let invocation = "";
  let dying: number | undefined;
  const tell = consume(
    transferAsked,
    async ({ data: { index, partner, crash } }, { attempt, effectKey: key }) => {
      const dies = attempt === 1 ? crash : undefined;
      if (dies === "before-call") await die(dies, index, invocation);
      await call(partner, { index, key, invocation });
      if (dies === "after-call") await die(dies, index, invocation);
      if (dies === "after-record") dying = index;
    },
    options,
  );
  return async (event, context) => {
    invocation = context.awsRequestId;
    const answer = await tell(event, context);
    if (dying !== undefined) await die("after-record", dying, invocation);
    return answer;
  };
}
