import { beforeEach, describe, expect, it } from "@jest/globals";
import { runErrand } from "../../cli/run-errand.ts";
import { isAllHandled, leftoversText, untilHandled } from "../../cli/until-handled.ts";
import type { LocalCloud, QueueDepth } from "../../local/cloud/index.ts";
import { virtualClock } from "../../local/testing/index.ts";

const cloud = { endpoint: "http://127.0.0.1:1", region: "eu-central-1" };
const never = new AbortController().signal;
type StreamMapping = ReturnType<LocalCloud["streamMappings"]>[number];

describe("runErrand", () => {
  const run = async (command: string, signal: AbortSignal = never) => {
    const said: string[] = [];
    await runErrand({ cloud, command, directory: process.cwd(), say: (line) => said.push(line), signal });
    return said;
  };

  it("runs a command with the endpoint and keys in its environment, line by line, the last one too", async () => {
    const said = await run(
      `echo "$AWS_ENDPOINT_URL $AWS_REGION $AWS_ACCESS_KEY_ID"; printf 'no end of line'`,
    );

    expect(said).toEqual(["http://127.0.0.1:1 eu-central-1 local", "no end of line"]);
  });

  it("finds the project's own programs", async () => {
    expect(await run("command -v tsc")).toEqual([expect.stringContaining("node_modules/.bin/tsc")]);
  });

  it("throws with the command when it fails", async () => {
    await expect(run("exit 7")).rejects.toThrow('"exit 7" ended with 7');
  });

  it("ends it, and what it has started, when it is told to", async () => {
    const controller = new AbortController();

    const running = runErrand({
      ...{ cloud, command: "echo up; node -e 'setInterval(() => {}, 1000)'", directory: process.cwd() },
      say: () => controller.abort(),
      signal: controller.signal,
    });

    await expect(running).resolves.toBeUndefined();
  });
});

describe("untilHandled", () => {
  let clock = virtualClock();
  beforeEach(() => {
    clock = virtualClock();
  });
  /** A cloud whose queues hold, look by look, so many messages; the last look stays. */
  const draining = (
    looks: readonly Readonly<Record<string, number>>[],
    streams: readonly Pick<StreamMapping, "caughtUp" | "stats" | "spec">[] = [],
  ) => {
    let look = 0;
    return {
      looks: () => look,
      streamMappings: () => streams,
      functions: {
        specs: () => [
          { name: "shop-LockStock", environment: { OMNIBUS: "{}" } },
          { name: "shop-archiver", environment: { OMNIBUS_JOB: "{}" } },
        ],
      },
      mappings: () => [
        {
          spec: { queueArn: "arn:aws:sqs:r:0:shop-LockStock", functionName: "shop-LockStock" },
          stats: () => ({ deleted: 6 }),
        },
        // What keeps the same events is no handler of them.
        {
          spec: { queueArn: "arn:aws:sqs:r:0:shop-archive", functionName: "shop-archiver" },
          stats: () => ({ deleted: 7 }),
        },
      ],
      queues: async () => {
        const depths = looks[Math.min(look++, looks.length - 1)] ?? {};
        return Object.entries(depths).map(
          ([name, visible]): QueueDepth => ({ name, url: "", visible, inFlight: 0, delayed: 0 }),
        );
      },
    };
  };
  const wait = async (...given: Parameters<typeof draining>) => {
    const queues = draining(...given);
    const stand = queues as unknown as Pick<
      LocalCloud,
      "functions" | "mappings" | "streamMappings" | "queues"
    >;
    const left = await clock.until(untilHandled({ cloud: stand, signal: never, clock }));
    return { left, looks: queues.looks(), nowMs: clock.nowMs() };
  };

  it("waits until what functions read is empty, and stays so for three looks", async () => {
    const { left, looks } = await wait([{}, { "shop-LockStock": 2 }, { "shop-LockStock": 1 }, {}]);

    expect(left).toEqual({ taken: 6, waiting: {}, aside: {} });
    expect(isAllHandled(left)).toBe(true);
    expect(looks).toBe(6);
    expect(leftoversText(left)).toContain("every event is handled (6)");
    expect(leftoversText({ ...left, taken: 0 })).toContain("no event has come");
  });

  it("waits until streams are read up to the last message's moment", async () => {
    const startMs = clock.nowMs();
    const spec = { functionName: "shop-journaler" } as StreamMapping["spec"];
    const stats = () => ({ inFlight: 0 }) as ReturnType<StreamMapping["stats"]>;
    const caughtUp = (atMs: number) => clock.nowMs() >= atMs + 1_000;

    const { nowMs } = await wait([{ "shop-LockStock": 1 }, {}], [{ spec, stats, caughtUp }]);

    expect(nowMs - startMs).toBe(200 + 1_000 + 400);
  });

  it("tells what waits in a stream when its function does not get on", async () => {
    const spec = { functionName: "shop-journaler" } as StreamMapping["spec"];
    const stats = () => ({ inFlight: 7 }) as ReturnType<StreamMapping["stats"]>;

    const { left } = await wait([{}], [{ spec, stats, caughtUp: () => false }]);

    expect(left.waiting).toEqual({ "the stream of shop-journaler": 7 });
    expect(isAllHandled(left)).toBe(false);
  });

  it("tells of dead letters without waiting for them", async () => {
    const { left } = await wait([{ "shop-LockStock-dead": 1 }]);

    expect(left).toMatchObject({ waiting: {}, aside: { "shop-LockStock-dead": 1 } });
    expect(isAllHandled(left)).toBe(false);
    expect(leftoversText(left)).toBe("shop-LockStock-dead: 1 left: nobody reads them");
  });

  it("gives up when nothing moves, and tells what waits", async () => {
    const { left, looks } = await wait([{ "shop-LockStock": 3 }, { "shop-LockStock": 1 }]);

    expect(left.waiting).toEqual({ "shop-LockStock": 1 });
    expect(looks).toBe(227);
    expect(leftoversText(left)).toBe("shop-LockStock: 1 wait for their next try");
  });
});
