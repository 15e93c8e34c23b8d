import type { ConsumerSettings } from "../../src/env.ts";
import { ReplayError } from "./replay-error.ts";

/** Throws `ReplayError` (`shadow`) where what a run does cannot be kept from being done. */
export function checkShadow({ consumer, mode, shadows }: ConsumerSettings): void {
  if (shadows) return;
  throw new ReplayError(
    "shadow",
    mode === "transaction"
      ? `the code of ${consumer} knows no shadow runs and would do what it does: deploy it again (a handler in Python cannot be run so)`
      : `${consumer} is of mode ${mode}: its handler does things itself, and nobody can keep it from that; only what mode transaction writes and emits can be withheld`,
  );
}
