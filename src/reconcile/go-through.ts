import type { Clock } from "../clock.ts";
import type { Holding } from "./holding.ts";
import { type Looked, type LookOptions, lookAt } from "./look-at.ts";
import { firstStep } from "./looks.ts";
import { mergeSpans, withoutSpan } from "./spans.ts";
import type { Look, Progress, UnknownSpan } from "./state.ts";

/** A step is one comparison and one save: what a run that dies does again. */
export const fullStepSpans = 24;

/**
 * Steps that could not be sealed are tried again in halves, so that one record which cannot be read does not hide a day. So
 * often in one go: a side that is down fails all of them.
 */
const mostHalvings = 16;

/** What going through looks has brought. */
export interface Gone {
  readonly found: number;
  readonly unknown: readonly UnknownSpan[];
  /** Whether all of it was looked at; what is unknown was, too. */
  readonly isAll: boolean;
}

/**
 * Looks at spans step by step, and saves how far it is after each, until all is done or time is over. A step that is too
 * much for all the time there is makes the next ones half as long, down to one span, and one that is not, twice as long.
 */
export async function goThrough(
  looks: readonly Look[],
  holding: Holding,
  options: Omit<LookOptions, "write"> & { readonly clock: Clock; readonly untilMs: number },
): Promise<Gone> {
  const { spanMs, clock, untilMs } = options;
  const unknown: UnknownSpan[] = [];
  let found = 0;
  let isFirst = true;
  let halvings = 0;
  let halved = fullStepSpans;
  for (const look of looks) {
    for (let { fromMs } = look; fromMs < look.toMs; ) {
      if (clock.nowMs() >= untilMs) return { found, unknown, isAll: false };
      const spans = Math.min(halved, holding.progress.stepSpans ?? fullStepSpans);
      const step = firstStep({ ...look, fromMs }, spans, spanMs);
      const looked = await lookAt(step, { ...options, write: (some) => holding.open(some) });
      const length = Math.ceil((step.toMs - step.fromMs) / spanMs);
      const couldBeOne = !looked.isSealed && !looked.isSlow && looked.rest.length === 0 && length > 1;
      if (couldBeOne && halvings < mostHalvings) {
        halvings++;
        halved = Math.ceil(length / 2);
        continue;
      }
      halved = Math.min(fullStepSpans, halved * 2);
      found += looked.found;
      unknown.push(...looked.unknown);
      // Time that others have used up is not the step's fault.
      const wasTooMuch = looked.isSlow || (isFirst && looked.rest.length > 0);
      await holding.save(progressAfter(holding.progress, step, looked, wasTooMuch));
      if (looked.rest.length > 0) return { found, unknown, isAll: false };
      isFirst = false;
      fromMs = step.toMs;
    }
  }
  return { found, unknown, isAll: true };
}

/** How far a job is after a look: whatever kind it was, what it has seen is not unknown any more. */
function progressAfter(
  progress: Progress,
  look: Look,
  { unknown, rest, underWay }: Looked,
  wasTooMuch: boolean,
): Progress {
  const spans = progress.stepSpans ?? fullStepSpans;
  const next = wasTooMuch ? Math.max(1, Math.floor(spans / 2)) : Math.min(fullStepSpans, spans * 2);
  return {
    ...progress,
    comparedToMs: look.kind === "first" ? Math.max(progress.comparedToMs, look.toMs) : progress.comparedToMs,
    lastLookToMs: look.kind === "last" ? Math.max(progress.lastLookToMs, look.toMs) : progress.lastLookToMs,
    unknown: mergeSpans([...withoutSpan(progress.unknown, look), ...unknown]),
    rest: mergeSpans([...withoutSpan(progress.rest ?? [], look), ...rest]),
    underWay: mergeSpans([...withoutSpan(progress.underWay ?? [], look), ...underWay]),
    stepSpans: next === fullStepSpans ? undefined : next,
  };
}
