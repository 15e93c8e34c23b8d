/**
 * Control characters (C0 but line feed and tab, DEL, C1) and the marks that turn the direction of writing: in text
 * from outside they could move the cursor, forge lines or hide what stands there.
 */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text without what a terminal would act on; line feeds and tabs stay. */
export function plainText(text: string): string {
  return text.replace(controls, "");
}

/** A value as one line of JSON, with escapes for the same characters: JSON leaves most of them as they are. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    controls,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
