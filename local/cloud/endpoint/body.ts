import type { IncomingMessage } from "node:http";

/** More than any request may have that is read as a whole: SQS takes 1 MiB, Lambda 6 MB, and JSON escapes. */
const maxBytes = 24 * 1024 * 1024;

/** A body that is larger than may be. */
export class BodyTooLarge extends Error {}

/** The whole body as text. Rejects when it is larger than any AWS request may be, or when the client went away. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return String(await readBytes(request, maxBytes));
}

/** The whole body. Rejects with `BodyTooLarge` when it has more than `max` bytes, and when the client went away. */
export function readBytes(request: IncomingMessage, max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= max) chunks.push(chunk);
      else reject(new BodyTooLarge(`the request is larger than ${max} bytes`));
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the client went away")));
  });
}

/** The fields of a form, from a body or a query. */
export function parseForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
