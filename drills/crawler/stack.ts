import { Duration, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { Consumer, EventBus } from "../../lib/index.ts";
import { pageFound, partner } from "./contracts.ts";
import { bus as busName, consumerOf, sites } from "./names.ts";

/** Four crawlers of one third party. */
export class CrawlerStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bus = new EventBus(this, "Bus", { name: busName, contracts: [pageFound], archive: false });
    for (const site of sites) {
      new Consumer(this, consumerOf(site), {
        bus,
        on: [pageFound],
        where: { site: [site] },
        entry: new URL("./fetch-page.ts", import.meta.url),
        limits: [partner],
        concurrency: 2,
        // A holder that is killed shows its events again after six timeouts: the drill waits for that.
        timeout: Duration.seconds(10),
      });
    }
  }
}
