import type { AttributeValue, Item } from "./ports.ts";

/**
 * What an item takes, in bytes: its names and its values, a little more than DynamoDB counts rather than less. (CapacityUnitCalculations)
 */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueSize(value),
    0,
  );
}

function valueSize({ S, N, B, SS, NS, BS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B) return B.length;
  if (SS) return sum(SS.map((text) => Buffer.byteLength(text)));
  if (NS) return sum(NS.map(numberSize));
  if (BS) return sum(BS.map((bytes) => bytes.length));
  if (L) return 3 + sum(L.map((value) => 1 + valueSize(value)));
  if (M) return 3 + Object.keys(M).length + itemSize(M);
  return 1;
}

/** A byte for two digits, and one for the rest. */
function numberSize(text: string): number {
  return Math.min(21, Math.ceil(text.length / 2) + 1);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all + size, 0);
}
