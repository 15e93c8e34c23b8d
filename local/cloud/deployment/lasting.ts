import type { Standing } from "./place-resource.ts";

/** A resource that outlives a run where there is a data folder. */
export interface Lasting {
  readonly stack: string;
  readonly type: string;
  /** Its name: without address, region and account, which may be others at the next start. */
  readonly name: string;
  /** Whether its template says that it stays when it goes from the app. */
  readonly retain: boolean;
}

/** What of all this a data folder keeps. Keys are `Stack/LogicalId`. */
export function lastingOf(standing: Iterable<readonly [string, Standing]>): readonly Lasting[] {
  return [...standing].flatMap(([key, { type, physicalId, retain }]) =>
    type.lasts === undefined
      ? []
      : [{ stack: key.slice(0, key.indexOf("/")), type: type.type, name: nameOf(physicalId), retain }],
  );
}

/** Queues go by their URL, topics and subscriptions by their ARN, the others by their name. */
function nameOf(physicalId: string): string {
  if (physicalId.startsWith("arn:")) return physicalId.split(":").slice(5).join(":");
  return physicalId.slice(physicalId.lastIndexOf("/") + 1);
}
