import { readSync } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packMember, unpackMember } from "./gzip-members.ts";
import type { Line } from "./line.ts";
import { lineBuffer } from "./line-buffer.ts";
import { lineReader, type Run } from "./run.ts";
import type { SegmentKind } from "./segment-kind.ts";

const blockBytes = 64 * 1024;
const quick = 1;

/** Room on this machine's disk for runs that were merged, until all is merged. */
export interface Scratch {
  /** Writes sorted lines down as a run. */
  keep(lines: AsyncIterable<readonly Line[]>): Promise<Run>;
  /** Gives the room back. */
  dispose(): Promise<void>;
}

/** Makes a `Scratch` in a folder of its own under the system's one for temporary files. */
export function diskScratch(kind: SegmentKind): Scratch {
  const files: FileHandle[] = [];
  let folder: string | undefined;

  return {
    async keep(lines) {
      folder ??= await mkdtemp(join(tmpdir(), "omnibus-seal-"));
      const name = join(folder, `${files.length}.gz`);
      const file = await open(name, "w+");
      files.push(file);
      const lengths: number[] = [];
      const buffer = lineBuffer(blockBytes);
      const flush = async () => {
        const packed = await packMember(buffer.take(), quick);
        lengths.push(packed.length);
        await file.appendFile(packed);
      };
      let firstMs = Number.POSITIVE_INFINITY;
      let lastMs = 0;
      for await (const batch of lines) {
        for (const line of batch) {
          firstMs = Math.min(firstMs, line.timeMs);
          lastMs = line.timeMs;
          buffer.add(line.bytes);
          if (buffer.size >= blockBytes) await flush();
        }
      }
      if (buffer.size > 0) await flush();
      return { firstMs, lastMs, open: async () => lineReader(kind, membersOfFile(file, lengths), name) };
    },
    async dispose() {
      for (const file of files) await file.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function membersOfFile(file: FileHandle, lengths: readonly number[]): () => Buffer | undefined {
  let member = 0;
  let offset = 0;
  return () => {
    const length = lengths[member++];
    if (length === undefined) return undefined;
    const packed = Buffer.allocUnsafe(length);
    readSync(file.fd, packed, 0, length, offset);
    offset += length;
    return unpackMember(packed, 0, "a merged run").bytes;
  };
}
