import { standAt } from "./crash-points.ts";
import { createTeller } from "./teller.ts";

/** Tells a partner of transfers; its process stands still, to be killed, where a transfer says so. */
export const handler = createTeller({
  async call(partner, { index, key, invocation }) {
    const answer = await fetch(`${partner}/tell/${index}/${key}/${invocation}`, { method: "POST" });
    if (!answer.ok) throw new Error(`the partner answered ${answer.status}`);
  },
  die: standAt,
});
