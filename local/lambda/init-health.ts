/** What became of a function whose code did not load: it was broken, its code was replaced, or it starts again by itself. */
export type InitChange = "broken" | "replaced" | "mended";

/** Tells the turns in a function's starts, each once: many environments fail for one reason. */
export function createInitHealth(tell: (change: InitChange) => void) {
  let state: "sound" | "broken" | "replaced" = "sound";
  return {
    failed() {
      if (state !== "broken") tell("broken");
      state = "broken";
    },
    /** Its code or settings are others now; whether these start, the next need shows. */
    replaced() {
      if (state !== "broken") return;
      state = "replaced";
      tell("replaced");
    },
    succeeded() {
      if (state === "broken") tell("mended");
      state = "sound";
    },
  };
}
