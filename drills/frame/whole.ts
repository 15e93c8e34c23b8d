const format = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number as people read it: 69,659. */
export function whole(value: number): string {
  return format.format(value);
}
