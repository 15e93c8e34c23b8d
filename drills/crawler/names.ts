import { drillConsumer } from "../frame/drill-consumer.ts";

/** The bus that the drill plays on. */
export const bus = "crawl";

/** The command that makes the drill's CDK app. */
export const app = "node drills/crawler/app.ts";

/** Four consumers with a share of the pages each, and one limit for all. */
export const sites = ["news", "shops", "forums", "maps"] as const;

export type Site = (typeof sites)[number];

export const consumers = sites.map((site) => drillConsumer(bus, consumerOf(site)));

export function consumerOf(site: Site): `Fetch${string}` {
  return `Fetch${site[0]?.toUpperCase()}${site.slice(1)}`;
}
