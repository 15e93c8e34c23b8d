import { Agent, request } from "node:http";
import { consume } from "../../src/consume/index.ts";
import { dynamoLimits } from "../../src/limits/index.ts";
import { limitsTableName } from "../../src/names.ts";
import { backEnd, orderPlaced } from "./contracts.ts";
import { countedSlots } from "./counted-slots.ts";
import { bus } from "./names.ts";

const { store, counts } = countedSlots(dynamoLimits({ table: limitsTableName(bus) }));
// A connection that has to be made first would add its time to some calls, and not to others.
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

/** Has the back end book an order: its start is what the limit counts. */
export const handler = consume(orderPlaced, ({ data: { order, backEnd: url } }) => book(url, order), {
  limits: [backEnd],
  limitStore: store,
});

function book(url: string, order: number): Promise<void> {
  const { given, returned } = counts();
  const headers = { "x-holder": process.pid, "x-slots-given": given, "x-slots-returned": returned };
  return new Promise((resolve, reject) => {
    const call = request(`${url}/book/${order}`, { agent, method: "POST", headers }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the back end answered ${response.statusCode}`));
      });
    });
    call.once("error", reject);
    call.end();
  });
}
