/** A number of DynamoDB, exactly: up to 38 digits, which a number of JavaScript cannot hold. */
export interface Decimal {
  readonly digits: bigint;
  /** How many of the digits stand behind the point. */
  readonly scale: number;
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Far outside of what DynamoDB keeps (1E-130 to 9.9E125): no text makes us write more zeros than that. */
const maxPower = 200;

/** Reads `12`, `-0.5`, `1e3`; `undefined` for what is no number. */
export function readDecimal(text: string): Decimal | undefined {
  const [found, sign = "", whole = "", part = "", power = "0"] = form.exec(text.trim()) ?? [];
  if (found === undefined || whole + part === "" || Math.abs(Number(power)) > maxPower) return undefined;
  const scale = part.length - Number(power);
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${part}${"0".repeat(Math.max(0, -scale))}`);
  return { digits, scale: Math.max(0, scale) };
}

/** Writes it as DynamoDB does: no zeros in front or behind. */
export function writeDecimal({ digits, scale }: Decimal): string {
  const negative = digits < 0n;
  const all = String(negative ? -digits : digits).padStart(scale + 1, "0");
  const whole = all.slice(0, all.length - scale);
  const part = scale === 0 ? "" : all.slice(-scale).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}`;
}

/** Below, at or above zero, as one is below, equal to or above the other. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  const [a, b] = aligned(one, other);
  return a < b ? -1 : a > b ? 1 : 0;
}

export function addDecimals(one: Decimal, other: Decimal): Decimal {
  const [a, b] = aligned(one, other);
  return { digits: a + b, scale: Math.max(one.scale, other.scale) };
}

export function negate({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale };
}

function aligned(one: Decimal, other: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(one.scale, other.scale);
  const at = ({ digits, scale: own }: Decimal) => digits * 10n ** BigInt(scale - own);
  return [at(one), at(other)];
}
