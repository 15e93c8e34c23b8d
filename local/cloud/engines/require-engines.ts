import { LocalCloudError } from "../local-cloud-error.ts";
import { findDynoxide } from "./dynoxide.ts";
import { EngineMissing, installLine } from "./engine-missing.ts";
import { findFauxqs } from "./fauxqs.ts";

/**
 * Throws `LocalCloudError` when an engine is missing: for all of them at once, with the one line that installs them.
 * Call it before anything that takes time.
 */
export function requireEngines(finds: readonly (() => unknown)[] = [findFauxqs, findDynoxide]): void {
  const missing = finds.flatMap((find) => {
    try {
      find();
      return [];
    } catch (error) {
      if (error instanceof EngineMissing) return [error];
      throw error;
    }
  });
  const [first, ...others] = missing;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const specs = missing.map(({ spec }) => spec);
  throw new LocalCloudError(
    "engine-missing",
    `the local cloud stands on ${specs.join(" and ")}, which are not installed. Run: ${installLine(specs)}`,
  );
}
