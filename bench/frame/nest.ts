import type { Figures } from "./interleave.ts";

/** Figures whose names share what stands before a dot, as one object: `cpu.all` and `cpu.functions` become `cpu: {…}`. */
export function nest(figures: Figures): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(figures)) {
    const [group = "", part] = name.split(".");
    if (part === undefined) nested[name] = value;
    else nested[group] = { ...(nested[group] as object | undefined), [part]: value };
  }
  return nested;
}
