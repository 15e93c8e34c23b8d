/**
 * An envelope as one JSON text. Three characters are escaped that JSON leaves as they are: SQS refuses two
 * (API_SendMessage), and the third, raw, tells that bytes were lost.
 */
export function wireText(envelope: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(envelope);
  return /[\ufffd-\uffff]/.test(text)
    ? text.replace(/[\ufffd-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
    : text;
}
