const lineFeed = 0x0a;

/** Lines in the making of a block: one stretch of memory, each line with its line feed. */
export interface LineBuffer {
  /** Bytes of all that was added. */
  readonly size: number;
  add(line: Uint8Array): void;
  /** What was added, as a copy; then it is empty. */
  take(): Buffer;
}

/** Makes a `LineBuffer` that has room for `roomBytes`, and more where a line needs it. */
export function lineBuffer(roomBytes: number): LineBuffer {
  let room = Buffer.allocUnsafe(roomBytes);
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(line) {
      const end = size + line.length + 1;
      if (end > room.length) {
        const larger = Buffer.allocUnsafe(Math.max(end, room.length * 2));
        room.copy(larger, 0, 0, size);
        room = larger;
      }
      room.set(line, size);
      room[end - 1] = lineFeed;
      size = end;
    },
    take() {
      const taken = Buffer.from(room.subarray(0, size));
      size = 0;
      return taken;
    },
  };
}
