import { listKey } from "../../src/replay/index.ts";
import { ReplayError } from "./replay-error.ts";

/** The keys of events that are named by their ids, whatever their source. `text`: a file, an id a line. */
export function chosenByIds(ids: readonly string[], text = ""): ReadonlySet<string> {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const all = new Set([...ids, ...lines].filter((id) => id !== "").map((id) => listKey(id)));
  if (all.size > 0) return all;
  throw new ReplayError("nothing-selected", "the list of ids is empty: nothing was sent");
}
