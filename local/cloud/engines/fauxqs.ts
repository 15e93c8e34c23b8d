import { readFileSync } from "node:fs";
import { systemClock } from "../../../src/clock.ts";
import { createQueueCounts } from "../endpoint/queue-counts.ts";
import { EngineMissing } from "./engine-missing.ts";
import { loadSns, loadSqs } from "./fauxqs-actions.ts";
import type { Fauxqs, FauxqsObjects, FauxqsQueues, FauxqsTopics, Load, Loaded } from "./fauxqs-inside.ts";
import { loadObjectActions } from "./fauxqs-objects.ts";
import { persist } from "./fauxqs-persistence.ts";

/** The release whose inside `openFauxqs` knows. Its public door has no way to add the rules that it lacks. */
export const fauxqsVersion = "2.4.1";

/** What we take out of fauxqs's files. */
interface Inside {
  readonly SqsStore: (new () => FauxqsQueues) & { createMessage: Fauxqs["createMessage"] };
  readonly SnsStore: new () => FauxqsTopics;
  readonly S3Store: new () => FauxqsObjects;
  readonly matchesFilterPolicy: Fauxqs["matchesAttributes"];
  readonly matchesFilterPolicyOnBody: Fauxqs["matchesBody"];
}

/**
 * Opens fauxqs in this process. `dataDir` keeps its state in a file there; without it all is in memory.
 * Throws `LocalCloudError` when another release than `fauxqsVersion` is installed.
 */
export async function openFauxqs({
  region,
  address,
  dataDir,
}: {
  region: string;
  /** `http://host:port`: what queue URLs begin with. */
  address: string;
  dataDir?: string;
}): Promise<Fauxqs> {
  const base = findFauxqs();
  const load: Load = async (file) => (await import(new URL(file, base).href)) as Loaded;
  const { SqsStore, SnsStore, S3Store, matchesFilterPolicy, matchesFilterPolicyOnBody } = Object.assign(
    {},
    ...(await Promise.all(
      ["sqs/sqsStore.js", "sns/snsStore.js", "s3/s3Store.js", "sns/filter.js"].map(load),
    )),
  ) as Inside;
  const queues = new SqsStore();
  const topics = new SnsStore();
  const objects = new S3Store();
  // An empty host makes a queue's URL begin with the request's own: "sqs.<region>.localhost" resolves nowhere.
  queues.host = "";
  queues.region = region;
  topics.region = region;
  const kept =
    dataDir === undefined ? undefined : await persist({ dataDir, load, queues, topics, objects, address });

  const createMessage = SqsStore.createMessage;
  let group: string | undefined;
  SqsStore.createMessage = (body, attributes, delaySeconds, groupId, deduplicationId) =>
    createMessage(body, attributes, delaySeconds, groupId ?? group, deduplicationId);

  return {
    queues,
    topics,
    objects,
    objectActions: await loadObjectActions(load, objects),
    counts: createQueueCounts(systemClock),
    sqsActions: await loadSqs(load, queues),
    snsActions: await loadSns(load, topics, queues),
    createMessage,
    withGroup(groupId, work) {
      group = groupId;
      try {
        return work();
      } finally {
        group = undefined;
      }
    },
    together: kept?.together ?? ((work) => work()),
    matchesAttributes: matchesFilterPolicy,
    matchesBody: matchesFilterPolicyOnBody,
    async close() {
      queues.shutdown();
      kept?.close();
    },
  };
}

/** The address of fauxqs's entry file; throws `LocalCloudError` when it is not there, or of another release. */
export function findFauxqs(): string {
  const spec = `fauxqs@${fauxqsVersion}`;
  let base: string;
  try {
    base = import.meta.resolve("fauxqs");
  } catch (cause) {
    throw new EngineMissing(spec, "no SQS, SNS and S3 engine: the package fauxqs is not installed.", {
      cause,
    });
  }
  const { version } = JSON.parse(readFileSync(new URL("../package.json", base), "utf8")) as {
    version: string;
  };
  if (version === fauxqsVersion) return base;
  throw new EngineMissing(
    spec,
    `fauxqs ${version} is installed; the local cloud works inside ${fauxqsVersion} and no other.`,
  );
}
