/** A number for a chart's margin: whole, or with as many digits as can be told apart there. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return value.toLocaleString("en-US");
  const size = Math.abs(value);
  if (size >= 1e12 || size < 1e-3) return value.toExponential(2);
  return value.toLocaleString("en-US", { maximumFractionDigits: size >= 100 ? 2 : 3 });
}
