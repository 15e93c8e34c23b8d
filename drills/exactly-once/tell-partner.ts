import { consume, type SqsHandler } from "../../src/consume/index.ts";
import { transferAsked } from "./contracts.ts";
import { standAt } from "./crash-points.ts";

let invocation = "";
/** The transfer behind whose batch this process is to die. */
let dying: number | undefined;

const tell = consume(transferAsked, async ({ data: { index, partner, crash } }, { attempt, effectKey }) => {
  const dies = attempt === 1 ? crash : undefined;
  if (dies === "before-call") await standAt(dies, index, invocation);
  const answer = await fetch(`${partner}/tell/${index}/${effectKey}/${invocation}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the partner answered ${answer.status}`);
  if (dies === "after-call") await standAt(dies, index, invocation);
  if (dies === "after-record") dying = index;
});

/** Tells a partner of transfers; its process dies where a transfer says so. */
export const handler: SqsHandler = async (event, context) => {
  invocation = context.awsRequestId;
  const answer = await tell(event, context);
  if (dying !== undefined) await standAt("after-record", dying, invocation);
  return answer;
};
