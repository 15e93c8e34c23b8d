import { Agent, request } from "node:http";
import { systemClock } from "../../src/clock.ts";
import { consume } from "../../src/consume/index.ts";
import { defaultCalls, dynamoLimits } from "../../src/limits/index.ts";
import { limitsTableName } from "../../src/names.ts";
import { pageFound, partner } from "./contracts.ts";
import { countedCalls } from "./counted-calls.ts";
import { bus } from "./names.ts";

const { calls, writes } = countedCalls(defaultCalls());
// A connection that has to be made first would add its time to some calls, and not to others.
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

/** Fetches one page from the third party: its start is what the limit counts. */
export const handler = consume(pageFound, (event, ctx) => fetchPage(event.data.url, ctx.effectKey), {
  limits: [partner],
  limitStore: dynamoLimits({ table: limitsTableName(bus), calls }),
});

function fetchPage(page: string, effectKey: string): Promise<void> {
  const headers = {
    "x-effect-key": effectKey,
    "x-holder": String(process.pid),
    "x-limit-writes": String(writes()),
    "x-started-ms": String(systemClock.nowMs()),
  };
  return new Promise((resolve, reject) => {
    const call = request(page, { agent, headers }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the third party answered ${response.statusCode}`));
      });
    });
    call.once("error", reject);
    call.end();
  });
}
