import type { LimitStore } from "../../src/limits/index.ts";

/** What became of the starts that one process has asked for. */
export interface SlotCounts {
  readonly given: number;
  /** Given back before their time, and taken back by the limit: somebody else may have had them. */
  readonly returned: number;
}

/** The same store, and how many starts it has given and taken back. */
export function countedSlots(store: LimitStore): { readonly store: LimitStore; counts(): SlotCounts } {
  let given = 0;
  let returned = 0;
  return {
    store: {
      async reserve(request) {
        const answer = await store.reserve(request);
        if (answer.status === "granted") given += answer.grant.request.slots;
        return answer;
      },
      async giveBack(grant, unused) {
        const isBack = await store.giveBack(grant, unused);
        if (isBack) returned += unused;
        return isBack;
      },
    },
    counts: () => ({ given, returned }),
  };
}
