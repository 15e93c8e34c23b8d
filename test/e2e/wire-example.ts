import { readFileSync } from "node:fs";

/** The event that docs/wire-format.md writes by hand, letter by letter, and what of it matters here. */
export function wireExample(): { readonly text: string; readonly type: string; readonly orderId: string } {
  const page = readFileSync(new URL("../../docs/wire-format.md", import.meta.url), "utf8");
  const text = /```json\n(.*?)\n```/s.exec(page)?.[1];
  if (text === undefined) throw new Error("docs/wire-format.md has no example in JSON any more");
  const { type, data } = JSON.parse(text) as { type: string; data: { orderId: string } };
  return { text, type, orderId: data.orderId };
}
