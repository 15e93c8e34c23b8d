import type { DeliveryReport } from "../src/reconcile/index.ts";
import { oneLine } from "./columns.ts";

/** What a person should know of the delivery of some buses beside their jobs: a line for each consumer and queue of note. */
export function deliveryText(reports: readonly DeliveryReport[]): readonly string[] {
  return reports.flatMap(({ bus, consumers, archiveAside }) =>
    [
      ...consumers.flatMap(
        ({ consumer, verdict, why, unsubscribed = [], aside = [], grey = 0, onTheWay = 0 }) => {
          const title = `${bus}-delivery-${consumer}`;
          return [
            ...(why === undefined ? [] : [`${title}: ${verdict}: ${why}`]),
            ...unsubscribed.map(
              (topic) => `${title}: it is not subscribed to ${topic} any more: deploy it again`,
            ),
            ...aside.map((what) => `${title}: ${what}: bus dlq list`),
            ...(grey > 0 ? [`${title}: ${grey} events around a change of its filters are not judged`] : []),
            ...(onTheWay > 0 ? [`${title}: ${onTheWay} events may come yet`] : []),
          ];
        },
      ),
      ...archiveAside.map((what) => `${bus}: ${what}, which the archive has not got`),
    ].map(oneLine),
  );
}
