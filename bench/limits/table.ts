/** The table that every contender writes to. */
export const table = "bench-limits";
