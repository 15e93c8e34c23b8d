import type { IncomingMessage } from "node:http";

/** More than any request may have that is read as a whole: SQS takes 1 MiB, Lambda 6 MB, and JSON escapes. */
const maxBytes = 24 * 1024 * 1024;

/** The whole body as text. Rejects when it is larger than any AWS request may be, or when the client went away. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else reject(new Error(`the request is larger than ${maxBytes} bytes`));
    });
    request.once("end", () =>
      resolve(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString()),
    );
    request.once("error", reject);
    request.once("close", () => reject(new Error("the client went away")));
  });
}

/** The fields of a form, from a body or a query. */
export function parseForm(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
