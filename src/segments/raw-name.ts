const pattern = /^(\d{1,16})-(\d{1,16})-(\d{1,9})-([0-9a-f-]{36})\.ndjson\.gz$/;

/** What a raw object's name tells, so that it need not be opened to know. */
export interface RawName {
  /** The name itself, without its folder. */
  readonly name: string;
  /** Effective times of its lines, the ends included; of a line that stands for several, of all of them. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly lines: number;
}

/** `{firstMs}-{lastMs}-{lines}-{uuid}.ndjson.gz` */
export function rawName({ firstMs, lastMs, lines }: Omit<RawName, "name">, uuid: string): string {
  return `${firstMs}-${lastMs}-${lines}-${uuid}.ndjson.gz`;
}

/** Reads a raw object's name; `undefined` for what is none. */
export function readRawName(name: string): RawName | undefined {
  const parts = pattern.exec(name);
  if (!parts) return undefined;
  const [firstMs = 0, lastMs = 0, lines = 0] = parts.slice(1, 4).map(Number);
  return { name, firstMs, lastMs, lines };
}
