import { resolve } from "node:path";
import { describeError } from "../src/errors.ts";
import { archiveBucketName, archiveQueueName } from "../src/names.ts";
import type { ObjectStore } from "../src/segments/index.ts";
import { loadOps } from "./load-ops.ts";
import { type OpenCloud, withCloud } from "./open-cloud.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What a bus has kept, and where that is. */
export interface OpenArchive {
  readonly bus: string;
  /** Its bucket. */
  readonly store: ObjectStore;
  /** For programs: the cloud that was asked, or the folder. */
  readonly where: { readonly target: OpenCloud["target"] } | { readonly data: string };
}

export interface ArchiveChoice {
  /** @default the only one there is */
  readonly bus: string | undefined;
  /** The data folder of a local cloud; without it the cloud that AWS's variables lead to. */
  readonly data: string | undefined;
}

/**
 * Finds a bus's bucket, says where it is, and runs a command on it. Throws `UsageError` when there is no such bus, when none was
 * named where there are several, or when it keeps no archive.
 */
export async function withArchive<Result>(
  terminal: Pick<Terminal, "say" | "directory">,
  { bus, data }: ArchiveChoice,
  run: (archive: OpenArchive) => Promise<Result>,
): Promise<Result> {
  if (bus !== undefined) checkName(bus);
  return data === undefined
    ? withArchiveOfCloud(terminal, bus, run)
    : withArchiveOfFolder(terminal, bus, resolve(terminal.directory, data), run);
}

async function withArchiveOfFolder<Result>(
  terminal: Pick<Terminal, "say">,
  asked: string | undefined,
  data: string,
  run: (archive: OpenArchive) => Promise<Result>,
): Promise<Result> {
  const { LocalCloudError, openKeptObjects } = await import("../local/cloud/index.ts");
  const kept = (() => {
    try {
      return openKeptObjects(data);
    } catch (thrown) {
      throw thrown instanceof LocalCloudError ? new UsageError(thrown.message) : thrown;
    }
  })();
  try {
    const found = new Map(
      kept.buckets.flatMap((bucket): [string, string][] => {
        const [, bus] = /^([a-z][a-z0-9]*)-archive-\d{12}-[a-z0-9-]+$/.exec(bucket) ?? [];
        return bus === undefined ? [] : [[bus, bucket]];
      }),
    );
    const bus = onlyOne([...found.keys()], asked, `an archive in ${data}`);
    terminal.say(`reading ${data}: bus ${bus}`);
    return await run({ bus, store: kept.objects(found.get(bus) ?? ""), where: { data } });
  } finally {
    kept.close();
  }
}

function withArchiveOfCloud<Result>(
  terminal: Pick<Terminal, "say">,
  asked: string | undefined,
  run: (archive: OpenArchive) => Promise<Result>,
): Promise<Result> {
  return withCloud(terminal, async ({ target, consumers }) => {
    // A bus may have an archive and no consumer yet: one that was named is not looked for.
    const bus =
      asked ??
      onlyOne([...new Set((await consumers(undefined)).map((one) => one.bus))], asked, "a consumer here");
    return withBucket(target, bus, (store) => run({ bus, store, where: { target } }));
  });
}

/** Opens a bus's bucket in a cloud. Throws `UsageError` when the bus keeps no archive there. */
export async function withBucket<Result>(
  target: OpenCloud["target"],
  bus: string,
  run: (store: ObjectStore) => Promise<Result>,
): Promise<Result> {
  const { s3Objects } = await import("../src/segments/index.ts");
  const { awsClient } = await import("../src/aws-client.ts");
  const { S3Client } = await loadOps(() => import("@aws-sdk/client-s3"));
  const bucket = archiveBucketName(bus, target.identity?.account ?? "", target.region ?? "");
  const client = awsClient(S3Client, { maxAttempts: 3 });
  try {
    return await run(s3Objects({ bucket, client }));
  } catch (thrown) {
    if (!(thrown instanceof Error && thrown.name === "NoSuchBucket")) throw thrown;
    throw new UsageError(
      `bus ${bus} keeps no archive here: there is no bucket ${bucket}. Is it the right bus, account and region?`,
    );
  } finally {
    client.destroy();
  }
}

function checkName(bus: string): void {
  try {
    archiveQueueName(bus);
  } catch (thrown) {
    throw new UsageError(describeError(thrown).message);
  }
}

/** The bus that was asked for among those found, or the only one. `what` is what each of them has. */
function onlyOne(found: readonly string[], asked: string | undefined, what: string): string {
  const names = [...found].sort().join(", ");
  const [first] = found;
  if (asked !== undefined) {
    if (found.includes(asked)) return asked;
    throw new UsageError(
      `no bus ${JSON.stringify(asked)} has ${what}; ${names === "" ? "none has" : `${names} has`}`,
    );
  }
  if (first !== undefined && found.length === 1) return first;
  throw new UsageError(
    first === undefined ? `no bus has ${what}` : `more than one bus has ${what}: give one of ${names}`,
  );
}
