import { consume } from "../../src/consume/index.ts";
import { PermanentError } from "../../src/errors.ts";
import { parcelReady } from "./contracts.ts";

/** Hands one parcel to the partner; what the partner refuses can never be delivered as it is. */
export const handler = consume(parcelReady, async ({ data: { partner, parcel, kind } }) => {
  const answer = await fetch(`${partner}/parcels/${parcel}/${kind}`, { method: "POST" });
  const text = await answer.text();
  if (answer.status === 409) throw new PermanentError(text);
  if (!answer.ok) throw new Error(`the partner answered ${answer.status}: ${text}`);
});
