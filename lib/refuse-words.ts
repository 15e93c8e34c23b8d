import { SettingsError } from "../src/errors.ts";
import type { ConsumerProps } from "./consumer-props.ts";
import { valueText } from "./value-text.ts";

/** What may be said in one word; a guard looks at `mode`. */
const words = {
  onPoison: ["skip", "park"],
  drain: ["mapping", "schedule"],
} as const satisfies { readonly [Prop in keyof ConsumerProps]?: readonly ConsumerProps[Prop][] };

/** Refuses words that nobody knows: an app whose types nobody has checked may say anything. Throws `SettingsError` (`word`). */
export function refuseWords(props: Pick<ConsumerProps, keyof typeof words>, subject: string): void {
  for (const [prop, allowed] of Object.entries(words)) {
    const said = props[prop as keyof typeof words];
    if (said === undefined || (allowed as readonly unknown[]).includes(said)) continue;
    const choice = allowed.map((word) => JSON.stringify(word)).join(", ");
    throw new SettingsError("word", `${subject}: ${prop} is ${valueText(said)}; one of ${choice} is allowed`);
  }
}
