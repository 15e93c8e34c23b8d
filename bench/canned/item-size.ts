/** A value as DynamoDB's JSON writes it. */
export type Value = Readonly<Record<string, unknown>>;
/** An item as DynamoDB's JSON writes it. */
export type Item = Readonly<Record<string, Value>>;

const unitBytes = 1024;
const containerBytes = 3;

/** Bytes of an item: names and values. (CapacityUnitCalculations) */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** Write units of one write: one per started KB of the larger of the two, and never none. */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  const bytes = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

function valueBytes(value: Value): number {
  const [kind, content] = Object.entries(value)[0] ?? ["NULL", true];
  switch (kind) {
    case "S":
      return Buffer.byteLength(String(content));
    case "N":
      return Math.ceil(String(content).replace(/[-.]/g, "").length / 2) + 1;
    case "B":
      return Buffer.from(String(content), "base64").length;
    case "L":
      return containerBytes + (content as Value[]).reduce((sum, one) => sum + 1 + valueBytes(one), 0);
    case "M":
      return containerBytes + itemBytes(content as Item);
    case "SS":
      return (content as string[]).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
    default:
      return 1;
  }
}
