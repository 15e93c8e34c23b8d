import type { ExpectedLoad } from "../env.ts";
import { SettingsError } from "../errors.ts";
import { sns } from "../limits-of-aws.ts";

/** What a consumer is to carry: as its settings hold it. Times in milliseconds. */
export type Load = ExpectedLoad;

/** Throws `SettingsError` (`load`) that names the value that cannot be. */
export function checkLoad(load: Load): Load {
  const { arrivalsPerSecond, handlerMs, burst, outageMs, eventBytes, groups, publishedTogether } = load;
  check("arrivals", arrivalsPerSecond, "events a second", arrivalsPerSecond > 0);
  check("handler", handlerMs, "ms", handlerMs > 0);
  if (burst) {
    check("burst", burst.perSecond, "events a second", burst.perSecond > 0);
    check("burst", burst.forMs, "ms", burst.forMs > 0);
    if (burst.perSecond < arrivalsPerSecond) {
      throw new SettingsError(
        "load",
        `burst is ${burst.perSecond} events a second, and arrivals ${arrivalsPerSecond}: a burst is what comes then in all, so give at least as many`,
      );
    }
  }
  if (outageMs !== undefined) check("outage", outageMs, "ms", outageMs >= 0);
  if (eventBytes !== undefined) check("event bytes", eventBytes, "bytes", eventBytes >= 1);
  if (groups !== undefined) check("groups", groups, "partition keys", groups >= 1);
  if (publishedTogether !== undefined && !(publishedTogether >= 1 && publishedTogether <= sns.batchEntries)) {
    throw new SettingsError(
      "load",
      `${publishedTogether} events are published together; 1 to ${sns.batchEntries} are allowed`,
    );
  }
  return load;
}

function check(what: string, value: number, unit: string, holds: boolean): void {
  if (holds && Number.isFinite(value)) return;
  throw new SettingsError("load", `${what} is ${value} ${unit}; a number above 0 is allowed`);
}
