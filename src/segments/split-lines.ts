const lineFeed = 0x0a;

/** The lines of a block, without their line feeds: views of it, no copies. */
export function splitLines(block: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < block.length; ) {
    const found = block.indexOf(lineFeed, at);
    const end = found === -1 ? block.length : found;
    lines.push(block.subarray(at, end));
    at = end + 1;
  }
  return lines;
}
