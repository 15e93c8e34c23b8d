import { hash } from "node:crypto";
import { formatUuid } from "../clock.ts";

/** A UUIDv5: SHA-1 over a namespace and a name, so the same name has the same id. Source: RFC 9562, section 5.5. */
export function uuidv5(namespace: string, name: string): string {
  const named = Buffer.from(`${"-".repeat(16)}${name}`);
  named.write(namespace.replaceAll("-", ""), "hex");
  const bytes = new Uint8Array(hash("sha1", named, "buffer").subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return formatUuid(bytes);
}
