import { type Clock, sleep } from "../../src/clock.ts";
import type { Ledger } from "../../src/ledger/index.ts";
import type { LimitStore } from "../../src/limits/index.ts";
import { assumed } from "../../src/plan/index.ts";

/** Makes stores in memory as far away as tables are: each call takes the time that the plan counts with. */
export function farStores(clock: Clock): {
  ledger(near: Ledger): Ledger;
  limits(near: LimitStore): LimitStore;
} {
  const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    await sleep(clock, assumed.callMs / 2);
    const answer = await work();
    await sleep(clock, assumed.callMs / 2);
    return answer;
  };
  return {
    ledger: (near) => ({
      claim: (requests, terms) => call(() => near.claim(requests, terms)),
      end: (endings, owner) => call(() => near.end(endings, owner)),
      record: (requests) => call(() => near.record(requests)),
      sent: (keys) => call(() => near.sent(keys)),
    }),
    limits: (near) => ({
      reserve: (request) => call(() => near.reserve(request)),
      giveBack: (grant, unused) => call(() => near.giveBack(grant, unused)),
    }),
  };
}
