import { Agent, request } from "node:http";
import { consume } from "../../src/consume/index.ts";
import { backEnd, orderPlaced } from "./contracts.ts";

// A connection that has to be made first would add its time to some calls, and not to others.
const agent = new Agent({ keepAlive: true, maxSockets: 20 });

/** Has the back end book an order: its start is what the limit counts. */
export const handler = consume(orderPlaced, ({ data: { order, backEnd: url } }) => book(url, order), {
  limits: [backEnd],
});

function book(url: string, order: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}/book/${order}`, { agent, method: "POST" }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the back end answered ${response.statusCode}`));
      });
    });
    call.once("error", reject);
    call.end();
  });
}
