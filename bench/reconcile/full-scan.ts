import { spanMs, type Transfer } from "./transfers.ts";

/**
 * Compares all of two books, as they were read: what somebody does who has nothing else. Answers how many keys differ.
 * Holds one of the books in memory, in short.
 */
export async function compareAll(
  left: AsyncIterable<Transfer>,
  right: AsyncIterable<Transfer>,
): Promise<number> {
  /** What is not yet found on the right, of each key: lines of time, cents and account. */
  const rest = new Map<string, string>();
  for await (const { id, atMs, account, cents } of left) {
    const before = rest.get(id);
    rest.set(id, `${before === undefined ? "" : `${before}\n`}${atMs} ${cents} ${account}`);
  }
  const different = new Set<string>();
  for await (const { id, atMs, account, cents } of right) {
    const lines = rest.get(id)?.split("\n") ?? [];
    const at = lines.findIndex((line) => {
      const [otherMs, otherCents, otherAccount] = line.split(" ");
      return (
        otherAccount === account && Number(otherCents) === cents && Math.abs(Number(otherMs) - atMs) <= spanMs
      );
    });
    if (at < 0) different.add(id);
    else lines.splice(at, 1);
    if (lines.length === 0) rest.delete(id);
    else rest.set(id, lines.join("\n"));
  }
  return new Set([...different, ...rest.keys()]).size;
}
