import { StageRefused } from "../../src/errors.ts";
import type { HandlerContext, Revocation, StageContext } from "../../src/index.ts";
import type { Question } from "./books.ts";
import type { StageName } from "./names.ts";

/** Asks a partner; answers why not, where it refuses. */
export type Ask = (shop: string, question: Question) => Promise<string | undefined>;

interface Run {
  readonly order: number;
  readonly shop: string;
  readonly cents: number;
}

/** A stage's code: its partner does what it is asked, under the run's key, and undoes it. */
export function stageCode(name: StageName, ask: Ask, release = 1) {
  const question = (
    kind: "did" | "undid",
    order: number,
    { runKey: key, ageMs }: StageContext,
  ): Question => ({
    ...{ kind, stage: name, order, key, ageMs, release },
  });
  return {
    handle: async ({ data }: { readonly data: Run }, context: StageContext): Promise<Run> => {
      const refused = await ask(data.shop, question("did", data.order, context));
      if (refused !== undefined) throw new StageRefused(refused);
      return data;
    },
    compensate: async ({ about: { order, shop } }: Revocation<Omit<Run, "cents">>, context: StageContext) => {
      await ask(shop, question("undid", order, context));
    },
  };
}

/** Tells the customer: a consumer like any other, of what ends a run that went back. */
export function tellCode(ask: Ask) {
  return async (
    { data: { about } }: { readonly data: Revocation<Omit<Run, "cents">> },
    { effectKey: key, ageMs }: HandlerContext,
  ): Promise<void> => {
    await ask(about.shop, { kind: "told", stage: "Tell", order: about.order, key, ageMs, release: 1 });
  };
}
