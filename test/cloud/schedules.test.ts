import { join } from "node:path";
import { GetQueueUrlCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { startLocalCloud } from "../../local/cloud/index.ts";
import { systemClock } from "../../src/clock.ts";
import { awsClients } from "../helpers/aws-clients.ts";
import { eventually } from "../helpers/eventually.ts";
import { fastClock } from "../helpers/fast-clock.ts";
import { temporaryFolder } from "../helpers/temporary-folder.ts";
import { writeAssembly } from "../helpers/write-assembly.ts";

const folder = temporaryFolder();
let assemblies = 0;
const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const queue = (name: string) => ({ Type: "AWS::SQS::Queue", Properties: { QueueName: name } });
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const schedule = (more: object) => ({
  Type: "AWS::Scheduler::Schedule",
  Properties: { FlexibleTimeWindow: { Mode: "OFF" }, ...more },
});
/** Throws, or leaves the event in the log. */
const worker = {
  Type: "AWS::Lambda::Function",
  Properties: {
    FunctionName: "worker",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 600,
    Code: {
      ZipFile:
        "exports.handler = async (event) => { console.log(JSON.stringify(event)); if (event.fail) throw new Error('no'); };",
    },
  },
};

const open: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function start(Resources: object, options: Partial<Parameters<typeof startLocalCloud>[0]> = {}) {
  const assembly = writeAssembly(join(folder, `assembly-${++assemblies}`), {
    Shop: { template: { Resources } },
  });
  const events: Record<string, unknown>[] = [];
  const said: string[] = [];
  const cloud = await startLocalCloud({
    assembly,
    port: 0,
    onLog: (_name, line) => {
      const json = /\{.*\}/.exec(line)?.[0];
      if (json?.startsWith('{"')) events.push(JSON.parse(json));
    },
    onProgress: (text) => said.push(text),
    ...options,
  });
  const clients = awsClients(cloud.endpoint);
  open.push(
    () => cloud.stop(),
    () => clients.destroy(),
  );
  return {
    cloud,
    events,
    said,
    /** A request as `@aws-sdk/client-scheduler` writes it. */
    async api(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
      const response = await fetch(`${cloud.endpoint}${path}`, {
        method,
        headers: {
          "content-type": "application/json",
          authorization:
            "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/scheduler/aws4_request, SignedHeaders=host, Signature=0",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const error = response.headers.get("x-amzn-errortype");
      return { status: response.status, error, ...((await response.json()) as Record<string, unknown>) };
    },
    async receive(QueueName: string): Promise<Message | undefined> {
      const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ["All"] }),
      );
      return Messages[0];
    },
  };
}

/** A second from now, as `at(…)` writes it; some seconds if so wished. */
const soon = (seconds = 1) =>
  `at(${new Date(systemClock.nowMs() + seconds * 1_000).toISOString().slice(0, 19)})`;

describe("schedules of a template", () => {
  it("run functions and feed queues by the minute, and go with the template", async () => {
    const resources = {
      Worker: worker,
      Inbox: queue("inbox"),
      Group: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "jobs" } },
      Seal: schedule({
        GroupName: { Ref: "Group" },
        ScheduleExpression: "rate(1 minute)",
        Target: {
          Arn: arnOf("Worker"),
          RoleArn: "arn:aws:iam::000000000000:role/r",
          Input: '{"job":"seal"}',
        },
      }),
      Feed: schedule({
        Name: "feed",
        ScheduleExpression: "cron(* * * * ? *)",
        ScheduleExpressionTimezone: "Europe/Berlin",
        Target: { Arn: arnOf("Inbox"), Input: "<aws.scheduler.scheduled-time>" },
      }),
    };
    const { cloud, events, receive, api } = await start(resources, { clock: fastClock(30) });

    await eventually("three runs", () => events.length >= 3);
    expect(events[0]).toEqual({ job: "seal" });
    expect((await receive("inbox"))?.Body).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
    expect(cloud.unsupported).toEqual([]);
    expect(cloud.stacks[0]?.resources.map(({ physicalId }) => physicalId)).toEqual(
      expect.arrayContaining(["jobs", "feed"]),
    );
    const { Seal: _gone, ...rest } = resources;
    await cloud.reload(writeAssembly(join(folder, "less"), { Shop: { template: { Resources: rest } } }));
    expect(await api("GET", "/schedules?ScheduleGroup=jobs")).toMatchObject({ Schedules: [] });
  });

  it("are those of EventBridge's rules too, in its own form", async () => {
    const { events, cloud } = await start(
      {
        Worker: worker,
        Nightly: {
          Type: "AWS::Events::Rule",
          Properties: {
            Name: "nightly",
            ScheduleExpression: "rate(1 minute)",
            State: "ENABLED",
            Targets: [
              { Id: "Target0", Arn: arnOf("Worker") },
              { Id: "Target1", Arn: arnOf("Worker"), Input: '{"own":true}' },
            ],
          },
        },
        Orders: {
          Type: "AWS::Events::Rule",
          Properties: { EventPattern: { source: ["orders"] }, Targets: [{ Id: "a", Arn: arnOf("Worker") }] },
        },
      },
      { clock: fastClock(30) },
    );

    await eventually("two runs", () => events.length >= 2);

    expect(events).toContainEqual({ own: true });
    expect(events).toContainEqual(
      expect.objectContaining({
        "detail-type": "Scheduled Event",
        source: "aws.events",
        resources: ["arn:aws:events:us-east-1:000000000000:rule/nightly"],
        detail: {},
      }),
    );
    expect(cloud.unsupported).toEqual([
      "Shop/Orders (AWS::Events::Rule): EventPattern: there are no event buses here, rules with a schedule run",
    ]);
  });

  it("say what they cannot invoke here, and fail for what cannot be", async () => {
    const { cloud } = await start({
      Machine: schedule({
        ScheduleExpression: "rate(1 day)",
        Target: { Arn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" },
      }),
    });

    expect(cloud.unsupported).toEqual([
      expect.stringMatching(
        /^Shop\/Machine .*stateMachine:m is not part of the local cloud: functions, queues/,
      ),
    ]);
    await expect(
      start({ Bad: schedule({ ScheduleExpression: "rate(1 fortnight)", Target: { Arn: queueArn("q") } }) }),
    ).rejects.toThrow(/Shop\/Bad .*"rate\(1 fortnight\)" is none/);
  });
});

describe("a run that fails", () => {
  it("goes to the function's own dead letters when it is the function that fails, as on AWS", async () => {
    const { receive } = await start({
      Dead: queue("dead"),
      Missed: queue("missed"),
      Worker: {
        ...worker,
        Properties: { ...worker.Properties, DeadLetterConfig: { TargetArn: arnOf("Dead") } },
      },
      Config: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: { FunctionName: { Ref: "Worker" }, Qualifier: "$LATEST", MaximumRetryAttempts: 0 },
      },
      Job: schedule({
        ScheduleExpression: "rate(1 day)",
        Target: { Arn: arnOf("Worker"), Input: '{"fail":1}', DeadLetterConfig: { Arn: arnOf("Missed") } },
      }),
    });

    const dead = await receive("dead");
    expect([dead?.Body, dead?.MessageAttributes?.ErrorMessage?.StringValue]).toEqual(['{"fail":1}', "no"]);
  });

  it("goes to the schedule's dead letters when its target is not there", async () => {
    const { receive, said } = await start({
      Missed: queue("missed"),
      Job: schedule({
        Name: "job",
        ScheduleExpression: "rate(1 day)",
        Target: {
          Arn: "arn:aws:lambda:us-east-1:000000000000:function:nobody",
          Input: '{"a":1}',
          DeadLetterConfig: { Arn: arnOf("Missed") },
        },
      }),
    });

    const missed = await receive("missed");
    expect(missed?.Body).toBe('{"a":1}');
    expect(missed?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: "ResourceNotFoundException" },
      SCHEDULE_ARN: { StringValue: "arn:aws:scheduler:us-east-1:000000000000:schedule/default/job" },
      RETRY_ATTEMPTS: { StringValue: "0" },
    });
    expect(said).toContainEqual(expect.stringContaining("it is in its dead-letter queue"));
  });
});

describe("Scheduler's API", () => {
  const target = { Arn: queueArn("inbox"), RoleArn: "arn:aws:iam::000000000000:role/r", Input: "hello" };
  const once = (more: object = {}) => ({
    ScheduleExpression: soon(),
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    ClientToken: "token-1",
    Target: target,
    ...more,
  });

  it("makes a schedule that runs once and goes", async () => {
    const { api, receive } = await start({ Inbox: queue("inbox") });

    const made = await api("POST", "/schedules/later", once());
    const again = await api("POST", "/schedules/later", once());

    const ScheduleArn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/later";
    expect(made).toEqual({ status: 200, error: null, ScheduleArn });
    expect(again).toEqual(made);
    expect((await receive("inbox"))?.Body).toBe("hello");
    await eventually("it is gone", async () => (await api("GET", "/schedules/later")).status === 404);
  });

  it("publishes to topics, plainly and with all that Publish takes", async () => {
    const { api, receive } = await start({
      Inbox: queue("inbox"),
      Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "orders" } },
      Subscription: {
        Type: "AWS::SNS::Subscription",
        Properties: {
          TopicArn: { Ref: "Topic" },
          Protocol: "sqs",
          Endpoint: arnOf("Inbox"),
          RawMessageDelivery: true,
          FilterPolicy: { type: ["order.created"] },
        },
      },
    });
    const Input = JSON.stringify({
      TopicArn: "arn:aws:sns:us-east-1:000000000000:orders",
      Message: '{"id":1}',
      MessageAttributes: { type: { DataType: "String", StringValue: "order.created" } },
    });

    await api(
      "POST",
      "/schedules/publish",
      once({ Target: { ...target, Arn: "arn:aws:scheduler:::aws-sdk:sns:publish", Input } }),
    );

    const message = await receive("inbox");
    expect([message?.Body, message?.MessageAttributes?.type?.StringValue]).toEqual([
      '{"id":1}',
      "order.created",
    ]);
  });

  it("reads, changes, lists and deletes, and answers as AWS does for what is not there", async () => {
    const { api } = await start({ Inbox: queue("inbox") });
    const later = { ...once(), ScheduleExpression: "at(2099-01-01T00:00:00)", StartDate: 1_800_000_000.5 };

    await api("POST", "/schedule-groups/jobs", {});
    for (const name of ["b", "a", "c"])
      await api("POST", `/schedules/${name}`, { ...later, GroupName: "jobs" });
    const changed = await api("PUT", "/schedules/a", {
      ...{ ...later, GroupName: "jobs", State: "DISABLED", ScheduleExpression: "rate(5 minutes)" },
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      Target: { ...target, RetryPolicy: { MaximumRetryAttempts: 3 }, SqsParameters: { MessageGroupId: "g" } },
    });

    expect(changed.status).toBe(200);
    expect(await api("GET", "/schedules/a?groupName=jobs")).toEqual({
      status: 200,
      error: null,
      Arn: "arn:aws:scheduler:us-east-1:000000000000:schedule/jobs/a",
      Name: "a",
      GroupName: "jobs",
      State: "DISABLED",
      ScheduleExpression: "rate(5 minutes)",
      ScheduleExpressionTimezone: "UTC",
      StartDate: 1_800_000_000.5,
      ActionAfterCompletion: "DELETE",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      CreationDate: expect.any(Number),
      LastModificationDate: expect.any(Number),
      Target: {
        ...target,
        SqsParameters: { MessageGroupId: "g" },
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 86_400 },
      },
    });
    const first = await api("GET", "/schedules?ScheduleGroup=jobs&MaxResults=2");
    const second = await api(
      "GET",
      `/schedules?ScheduleGroup=jobs&MaxResults=2&NextToken=${first.NextToken}`,
    );
    const names = [first, second].map(({ Schedules }) =>
      (Schedules as { Name: string }[]).map(({ Name }) => Name),
    );
    expect(names).toEqual([["a", "b"], ["c"]]);
    expect(second.NextToken).toBeUndefined();
    expect(await api("GET", "/schedules?State=DISABLED&NamePrefix=a")).toMatchObject({
      Schedules: [{ Name: "a", Target: { Arn: target.Arn } }],
    });
    expect(await api("GET", "/schedule-groups")).toMatchObject({
      ScheduleGroups: [{ Name: "default" }, { Name: "jobs" }],
    });

    const refused = await Promise.all([
      api("POST", "/schedules/a", { ...later, GroupName: "jobs", ClientToken: "another" }),
      api("POST", "/schedules/x", { ...later, GroupName: "nowhere" }),
      api("POST", "/schedules/x", { ...later, ScheduleExpression: "sometimes" }),
      api("POST", "/schedules/x", { ...later, Target: { ...target, Arn: "arn:aws:states:a:b:c" } }),
      api("POST", "/schedules/x", { ...later, FlexibleTimeWindow: undefined }),
      api("PUT", "/schedules/nobody", later),
      api("GET", "/schedules/nobody"),
      api("DELETE", "/schedules/nobody"),
      api("GET", "/tags/arn"),
    ]);
    expect(refused.map(({ status, error }) => `${status} ${error}`)).toEqual([
      "409 ConflictException",
      "404 ResourceNotFoundException",
      "400 ValidationException",
      "400 ValidationException",
      "400 ValidationException",
      "404 ResourceNotFoundException",
      "404 ResourceNotFoundException",
      "404 ResourceNotFoundException",
      "501 NotImplementedException",
    ]);

    expect((await api("DELETE", "/schedules/a?groupName=jobs")).status).toBe(200);
    expect((await api("DELETE", "/schedule-groups/jobs")).status).toBe(200);
    expect(await api("GET", "/schedules")).toMatchObject({ Schedules: [] });
  });

  it("keeps what it has made across restarts, and makes up for what ran out meanwhile", async () => {
    const dataDir = join(folder, "data");
    const first = await start({ Inbox: queue("inbox") }, { dataDir });
    await first.api("POST", "/schedules/soon", once({ ScheduleExpression: soon(2) }));
    await first.api("POST", "/schedules/far", once({ ScheduleExpression: "at(2099-01-01T00:00:00)" }));
    await first.cloud.stop();
    const endMs = systemClock.nowMs() + 2_500;
    await eventually("its time has gone", () => systemClock.nowMs() > endMs);

    const second = await start({ Inbox: queue("inbox") }, { dataDir });

    expect((await second.receive("inbox"))?.Body).toBe("hello");
    await eventually("only the other is left", async () => {
      const { Schedules } = await second.api("GET", "/schedules");
      return JSON.stringify((Schedules as { Name: string }[]).map(({ Name }) => Name)) === '["far"]';
    });
  });
});
