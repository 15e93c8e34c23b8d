import type { Ask } from "./stage-code.ts";

/** Asks over HTTP: a partner that cannot be reached is one that is asked again later. */
export const askPartner: Ask = async (shop, question) => {
  const answer = await fetch(`${shop}/ask`, { method: "POST", body: JSON.stringify(question) });
  const text = await answer.text();
  if (answer.status === 409) return text;
  if (!answer.ok) throw new Error(`the partner answered ${answer.status}: ${text}`);
  return undefined;
};
