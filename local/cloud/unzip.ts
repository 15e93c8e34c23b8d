import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { inflateRawSync } from "node:zlib";
import { LocalCloudError } from "./local-cloud-error.ts";

const endOfDirectory = 0x06054b50;
const stored = 0;
const deflated = 8;

/** Unpacks a zip file, which function code may be. (PKWARE APPNOTE 6.3; no encryption, no zip64) */
export function unzip(file: string, target: string): void {
  const bytes = readFileSync(file);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || bytes.readUInt32LE(end) !== endOfDirectory) throw broken(file, "it has no end record");
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    const method = bytes.readUInt16LE(at + 10);
    const packedBytes = bytes.readUInt32LE(at + 20);
    const nameBytes = bytes.readUInt16LE(at + 28);
    const header = bytes.readUInt32LE(at + 42);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameBytes);
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const path = normalize(join(target, name));
    if (!path.startsWith(normalize(target) + sep)) throw broken(file, `${name} leads out of it`);
    if (name.endsWith("/")) continue;
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const packed = bytes.subarray(start, start + packedBytes);
    if (method !== stored && method !== deflated) throw broken(file, `${name} is packed by method ${method}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, method === deflated ? inflateRawSync(packed) : packed);
  }
}

function broken(file: string, why: string): LocalCloudError {
  return new LocalCloudError("function-code", `${file} cannot be unpacked: ${why}`);
}
