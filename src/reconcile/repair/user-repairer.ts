import type { Difference } from "../difference.ts";
import type { How, RepairContext, Repairer } from "./how.ts";

/**
 * The repairer of a job that has a function of its own, or none. Everything but what is only late can be handed to it; without
 * one, people are told what to look at.
 */
export function userRepairer({
  repair,
  amountOf,
}: {
  readonly repair?: ((difference: Difference, context: RepairContext) => Promise<void> | void) | undefined;
  readonly amountOf?: ((difference: Difference) => number | undefined) | undefined;
} = {}): Repairer {
  return {
    how: (open) =>
      open.map(({ difference }): How => {
        if (repair && difference.class !== "late") return { do: "call" };
        return { do: "tell", look: looks[difference.class] };
      }),
    ...(amountOf && { amountOf }),
    ...(repair && { call: async (difference, context) => repair(difference, context) }),
  };
}

const looks: Readonly<Record<Difference["class"], string>> = {
  "missing-left":
    "the right side, whether it may have it; then write it on the left, or take it back on the right",
  "missing-right":
    "the left side, whether it may have it; then write it on the right, or take it back on the left",
  mismatch: "both sides' records of it: one of them is wrong",
  duplicate: "the side that has it more often: take back what is too much",
  late: "the times of both sides: nothing is missing",
};
