/** Spans that digests are kept of. So few cover the drill that a run compares them by itself. */
export const spanMs = 120_000;
export const hourMs = 3_600_000;
/** Equal entries further apart than this are late; bank B takes seconds, and a minute where its process was killed. */
export const lateAfterMs = 30 * 60_000;
