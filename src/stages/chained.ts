import type { Contract } from "../contract/index.ts";
import type { Stage } from "./stage.ts";

/** Nothing was handed on yet: the first stage takes what it likes. */
export type Begin = "begin";

/**
 * What a list of stages must be: each takes what the one before hands on; retired ones are passed over. Where one does not, its place asks
 * for a stage that does, and the compiler points there.
 */
export type Chained<Stages extends readonly Stage[], Given = Begin> = Stages extends readonly [
  infer First extends Stage,
  ...infer Rest extends readonly Stage[],
]
  ? First["retired"] extends true
    ? readonly [First, ...Chained<Rest, Given>]
    : readonly [
        Given extends Begin | First["on"] ? First : Stage<First["name"], Extract<Given, Contract>>,
        ...Chained<Rest, First["gives"]>,
      ]
  : readonly [];

/** One stage of a list by its name. */
export type StageNamed<Stages extends readonly Stage[], Name extends string> = Extract<
  Stages[number],
  { readonly name: Name }
>;
