import type { Line } from "../../segments/index.ts";

/** Whether all entries of a set belong to a side, none of them, or some: then line by line. */
export type Belonging = "all" | "none" | "some";

/** Which of a book's entries belong to a side. */
export interface Selection {
  /** About the entries of a sidecar's set in a grain, of a segment whose span ended then. */
  ofSet(
    set: unknown,
    about: { readonly fromMs: number; readonly toMs: number; readonly writtenByMs: number },
  ): Belonging;
  /** About one line, which has an entry. */
  ofLine(line: Line): boolean;
}
