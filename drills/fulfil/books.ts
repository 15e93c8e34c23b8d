import type { StageName } from "./names.ts";

/** One line of the partners' own books. */
export interface BookLine {
  readonly kind: "did" | "undid" | "refused" | "told";
  readonly stage: StageName | "Tell";
  readonly order: number;
  /** The run key that it was asked under. */
  readonly key: string;
  readonly atMs: number;
  /** How old the stage's event was when its run started. */
  readonly ageMs: number;
  /** Which code of the stage asked. */
  readonly release: number;
}

/** What a stage asks of its partner. */
export type Question = Pick<BookLine, "stage" | "order" | "key" | "ageMs" | "release"> & {
  readonly kind: "did" | "undid" | "told";
};

/** Partners with books of their own, who refuse some orders and may become slow. */
export interface Partners {
  /** How long this one takes for it. */
  workMs(question: Question): number;
  /** Writes it down; answers why not, where it is refused. */
  ask(question: Question, atMs: number): string | undefined;
  slowDown(stage: string, factor: number): void;
}

/** What a partner takes for one order when it is well. */
export const workMs = 20;

/** Makes partners who refuse as `troubles` says. */
export function createPartners(
  troubles: ReadonlyMap<number, { readonly stage: string; readonly reason: string }>,
  write: (line: BookLine) => void,
): Partners {
  const factors = new Map<string, number>();
  return {
    workMs: ({ stage, kind }) => (kind === "did" ? workMs * (factors.get(stage) ?? 1) : 0),
    ask: (question, atMs) => {
      const trouble = troubles.get(question.order);
      const refused =
        question.kind === "did" && trouble?.stage === question.stage ? trouble.reason : undefined;
      write({ ...question, atMs, kind: refused === undefined ? question.kind : "refused" });
      return refused;
    },
    slowDown: (stage, factor) => factors.set(stage, factor),
  };
}
