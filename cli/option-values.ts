import { UsageError } from "./usage-error.ts";

/** `5%`, `0.1%` or `0.05`: a share from 0 to 1. */
export function share(typed: string): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(typed.trim());
  const value = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new UsageError(
    `${JSON.stringify(typed)} is no share: give 0% to 100%, as in "5%" or "0.1%" (or "0.05")`,
  );
}

/** A whole number from 1 on. */
export function count(typed: string): number {
  const value = /^\d{1,9}$/.test(typed) ? Number(typed) : 0;
  if (value >= 1) return value;
  throw new UsageError(`${JSON.stringify(typed)} is no count: give a whole number from 1 on, as in "5000"`);
}

/** A whole number from 1 on, or the word `all`. */
export function countOrAll(typed: string): number | "all" {
  if (typed === "all") return "all";
  if (/^\d{1,9}$/.test(typed) && Number(typed) >= 1) return Number(typed);
  throw new UsageError(
    `${JSON.stringify(typed)} is no count: give a whole number from 1 on, as in "5000", or "all"`,
  );
}

/** A TCP port; 0 lets the machine choose a free one. */
export function port(typed: string): number {
  if (/^\d{1,5}$/.test(typed) && Number(typed) <= 65_535) return Number(typed);
  throw new UsageError(`${JSON.stringify(typed)} is no port: give 0 to 65535 (0 = any free one)`);
}

/** A seed for chance: a whole number from 0 on. */
export function seed(typed: string): number {
  if (/^\d{1,9}$/.test(typed)) return Number(typed);
  throw new UsageError(`${JSON.stringify(typed)} is no seed: give a whole number from 0 on, as in "7"`);
}

/** One of a few words. */
export function oneOf<const Word extends string>(...allowed: readonly Word[]): (typed: string) => Word {
  return (typed) => {
    const word = allowed.find((one) => one === typed);
    if (word !== undefined) return word;
    throw new UsageError(`${JSON.stringify(typed)} is not allowed: give ${allowed.join(" or ")}`);
  };
}

/** Texts with commas between. */
export function texts(typed: string): readonly string[] {
  const given = typed.split(",").map((text) => text.trim());
  if (given.every((text) => text !== "")) return given;
  throw new UsageError(`${JSON.stringify(typed)} has an empty part: give one text, or several with commas`);
}
