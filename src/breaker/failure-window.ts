/** How many of the last ends were failures by a dependency, in a window that moves on in tenths. */
export interface FailureWindow {
  /** A handler has ended; `dependency`: because that one is down. Answers whether it is to be taken for down now. */
  ended(nowMs: number, dependency?: string): boolean;
  /** Forgets all: what is decided is not to be decided again by the same failures. */
  clear(): void;
}

interface Part {
  readonly beganMs: number;
  ended: number;
  readonly failed: Map<string, number>;
}

const parts = 10;

/**
 * Makes a `FailureWindow`. A dependency is down when at least `failures` of the ends within `windowMs` were by it, and at
 * least half of all: a busy consumer of a partner that fails now and then is none of this.
 */
export function failureWindow({
  failures,
  windowMs,
}: {
  readonly failures: number;
  readonly windowMs: number;
}): FailureWindow {
  const partMs = windowMs / parts;
  let kept: Part[] = [];

  const partAt = (nowMs: number): Part => {
    const beganMs = Math.floor(nowMs / partMs) * partMs;
    const last = kept.at(-1);
    if (last?.beganMs === beganMs) return last;
    kept = kept.filter((part) => part.beganMs > beganMs - windowMs);
    const part = { beganMs, ended: 0, failed: new Map<string, number>() };
    kept.push(part);
    return part;
  };

  return {
    ended(nowMs, dependency) {
      const part = partAt(nowMs);
      part.ended++;
      if (dependency === undefined) return false;
      part.failed.set(dependency, (part.failed.get(dependency) ?? 0) + 1);
      let ended = 0;
      let failed = 0;
      for (const one of kept) {
        ended += one.ended;
        failed += one.failed.get(dependency) ?? 0;
      }
      return failed >= failures && failed * 2 >= ended;
    },
    clear() {
      kept = [];
    },
  };
}
