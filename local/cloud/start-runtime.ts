import { systemClock } from "../../src/clock.ts";
import {
  createEventInvocations,
  createFunctionHost,
  type EventInvocations,
  type FunctionHost,
} from "../lambda/index.ts";
import { createScheduler, type Scheduler, type SchedulerState } from "../scheduler/index.ts";
import { type AwsCall, createAwsCall } from "./aws-call.ts";
import { hiddenMessages } from "./hidden-messages.ts";
import { keepInFile } from "./kept-file.ts";
import { localAccount } from "./local-account.ts";
import type { LocalCloudOptions } from "./local-cloud-options.ts";
import { createMappingHost } from "./mapping-host.ts";
import { createQueueSender } from "./queue-sender.ts";
import type { MappingHost } from "./resources/index.ts";
import { scheduleArn } from "./schedule-arn.ts";
import { createScheduleTargets } from "./schedule-targets.ts";
import { createStreamPositions } from "./stream-positions.ts";

/** What runs in this process, beside the endpoint's. */
export interface Runtime {
  readonly aws: AwsCall;
  readonly functions: FunctionHost;
  readonly events: EventInvocations;
  readonly mappings: MappingHost;
  /** Not started: its schedules' targets are not there yet. */
  readonly scheduler: Scheduler;
  /** What ends all of it; the last one goes first. */
  readonly cleanups: readonly (() => Promise<unknown>)[];
}

/** Starts the functions, their events, the mappings and the scheduler, all of them empty. */
export function startRuntime(
  options: Omit<LocalCloudOptions, "assembly" | "port" | "dataDir">,
  place: {
    readonly endpoint: string;
    readonly dynamodbEndpoint: string;
    readonly region: string;
    readonly dataDir: string | undefined;
  },
): Runtime {
  const {
    environments = "thread",
    maxEnvironments = 4,
    onProgress: say = () => {},
    clock = systemClock,
  } = options;
  const { region, dataDir } = place;
  const aws = createAwsCall(place.endpoint, region);
  const sendToQueue = createQueueSender(aws);
  const functions = createFunctionHost({
    ...options,
    ...place,
    account: localAccount,
    environments,
    maxEnvironments,
    onInitChange: (name, change) => {
      hiddenMessages(name, change, { mappings, aws }).then(
        (told) => told.forEach(say),
        // The cloud is stopping.
        () => {},
      );
    },
  });
  const events = createEventInvocations({
    ...{ functions, clock, send: sendToQueue },
    say: (name, text) => say(`${name} ${text}`),
  });
  const positions = createStreamPositions(dataDir, clock);
  const mappings = createMappingHost({ ...place, functions, positions, sendToQueue, say, clock });
  const schedules = keepInFile<SchedulerState>({
    ...{ dataDir, name: "omnibus-schedules.json", clock },
    value: () => scheduler.state(),
  });
  const scheduler = createScheduler({
    ...{ clock, say, store: schedules },
    arnOf: (schedule) => scheduleArn(schedule, region),
    targets: createScheduleTargets({ functions, events, aws, sendToQueue }),
  });
  return {
    ...{ aws, functions, events, mappings, scheduler },
    cleanups: [
      () => functions.stop(),
      async () => events.stop(),
      async () => positions.close(),
      () => mappings.stop(),
      async () => {
        scheduler.stop();
        schedules.close();
      },
    ],
  };
}
