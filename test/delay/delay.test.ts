import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { virtualClock } from "../../local/testing/virtual-clock.ts";
import { defineEvent } from "../../src/contract/index.ts";
import {
  atExpression,
  delayKeyOf,
  encodeDelayed,
  inMemoryDelays,
  parseDelayed,
} from "../../src/delay/index.ts";
import { type DelayerParts, delayer } from "../../src/delayer/index.ts";
import { createPublisher, inMemoryTopics } from "../../src/publish/index.ts";
import { inMemoryObjects } from "../../src/segments/index.ts";

const reminderDue = defineEvent("reminder.due", {
  version: 1,
  topic: "reminders",
  schema: z.object({ text: z.string() }),
});

const place = { account: "000000000000", region: "us-east-1" };
const topicArn = "arn:aws:sns:us-east-1:000000000000:shop-reminders";
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A publisher and a delayer over one queue in memory; `onTopic` may fail the call of a topic. */
function world({ onTopic = () => {} }: { onTopic?: () => void } = {}) {
  const clock = virtualClock();
  const delays = inMemoryDelays({ clock });
  const sentMs: number[] = [];
  const topics = inMemoryTopics({
    onCall: () => {
      onTopic();
      sentMs.push(clock.nowMs());
    },
  });
  const lines: Record<string, unknown>[] = [];
  const options = { bus: "shop", source: "/shop/web", ...place, clock, topics, lingerMs: 0, delays };
  const publisher = createPublisher(options);
  const parts: DelayerParts = {
    ...delays,
    publisher,
    clock,
    sink: (text) => lines.push(JSON.parse(text)),
  };
  const pass = delayer({ v: 1, bus: "shop", ...place, roleArn: "arn:aws:iam::000000000000:role/r" }, parts);
  const receive = async (body: string) => {
    const { batchItemFailures } = await pass({ Records: [{ messageId: "m-1", body }] });
    if (batchItemFailures.length > 0) throw new Error("it comes again");
  };
  delays.receive(receive);
  const sent = () => topics.taken(topicArn).map(({ id }) => id);
  return { clock, delays, topics, publisher, parts, pass, receive, lines, sent, sentMs, options };
}

describe("a delayed event", () => {
  it.each([
    ["a second", 1_000],
    ["a fraction of one", 1_234],
    ["as long as a queue holds it", 15 * minuteMs],
    ["a millisecond longer", 15 * minuteMs + 1],
    ["an hour", 60 * minuteMs],
    ["a day", dayMs],
    ["a year", 366 * dayMs],
  ])("is published after %s, never early, and within two seconds", async (_, afterMs) => {
    const { clock, publisher, sent, sentMs } = world();
    const dueMs = clock.nowMs() + afterMs;

    await clock.until(publisher.publish(reminderDue, { text: "now" }, { id: "r-1", afterMs }));
    expect(sent()).toEqual([]);
    await clock.advance(afterMs + 2_000);

    expect(sent()).toEqual(["r-1"]);
    expect(sentMs[0]).toBeGreaterThanOrEqual(dueMs);
    expect(sentMs[0]).toBeLessThanOrEqual(dueMs + 2_000);
  });

  it("has the bytes that were validated, whatever happens until then", async () => {
    const { clock, publisher, topics, options } = world();
    const data = { text: "as it was" };
    const now = inMemoryTopics();
    const direct = createPublisher({ ...options, topics: now });
    await clock.until(direct.publish(reminderDue, data, { id: "r-1" }));

    await clock.until(
      publisher.publish(reminderDue, data, { id: "r-1", at: new Date(clock.nowMs() + dayMs) }),
    );
    data.text = "changed";
    await clock.advance(2 * dayMs);

    const [message] = topics.taken(topicArn);
    const [same] = now.taken(topicArn);
    expect(message).toMatchObject({ id: "r-1", attributes: same?.attributes });
    expect(JSON.parse(message?.body ?? "")).toMatchObject({ data: { text: "as it was" } });
  });

  it.each([
    ["at", -1],
    ["at", 0],
    ["afterMs", -5],
    ["afterMs", 0],
  ])("is published at once where %s has passed (%i ms)", async (option, ms) => {
    const { clock, publisher, sent, delays } = world();
    const when = option === "at" ? { at: new Date(clock.nowMs() + ms) } : { afterMs: ms };

    await clock.until(publisher.publish(reminderDue, { text: "" }, { id: "r-1", ...when }));

    expect([sent(), delays.waiting]).toEqual([["r-1"], 0]);
  });

  it.each([
    ["more than a year off", { afterMs: 366 * dayMs + 1 }, "366 are allowed"],
    ["no date", { at: new Date(Number.NaN) }, "at is no date"],
    ["no number", { afterMs: Number.NaN }, "afterMs is NaN"],
    ["said twice", { afterMs: 1, at: new Date(0) }, "both given"],
  ])("is refused where its time is %s", async (_, when, says) => {
    const { publisher, delays } = world();

    const publishing = publisher.publish(reminderDue, { text: "" }, when);

    await expect(publishing).rejects.toMatchObject({ code: "delay", message: expect.stringContaining(says) });
    expect(delays.waiting).toBe(0);
  });

  it("is validated when it is published, and not when it is due", async () => {
    const { publisher, delays } = world();

    await expect(publisher.publish(reminderDue, { text: 1 as never }, { afterMs: 1 })).rejects.toMatchObject({
      code: "invalid-data",
    });
    expect(delays.waiting).toBe(0);
  });

  it("takes what Scheduler takes, where it is due later, and more where a queue holds it", async () => {
    const { clock, publisher, sent } = world();
    const text = '"'.repeat(90_000);

    await expect(publisher.publish(reminderDue, { text }, { afterMs: dayMs })).rejects.toMatchObject({
      code: "delay",
      message: expect.stringContaining("262144 are allowed"),
    });
    await clock.until(publisher.publish(reminderDue, { text }, { id: "r-1", afterMs: minuteMs }));
    await clock.advance(2 * minuteMs);

    expect(sent()).toEqual(["r-1"]);
  });

  it("may have claims as long as these cannot expire before it", async () => {
    const { clock, options, sent } = world();
    const store = inMemoryObjects();
    const publisher = createPublisher({ ...options, claims: { store } });
    const large = { text: "x".repeat(300_000) };

    await expect(publisher.publish(reminderDue, large, { afterMs: dayMs })).rejects.toMatchObject({
      code: "delay",
    });
    await clock.until(publisher.publish(reminderDue, large, { id: "r-1", afterMs: minuteMs }));
    expect(store.objects.size).toBe(1);
    await clock.advance(2 * minuteMs);

    expect(sent()).toEqual(["r-1"]);
  });

  it("is not for publishAll: nothing is sent at once that was to be delayed", async () => {
    const { publisher, sent } = world();
    const options = { afterMs: 1_000 } as object;

    await expect(publisher.publishAll(reminderDue, [{ text: "" }], options)).rejects.toMatchObject({
      code: "delay",
    });
    expect(sent()).toEqual([]);
  });

  it("fails where its queue does not take it, and close waits for it", async () => {
    const { clock, options } = world();
    let taken = 0;
    const send = async () => {
      await new Promise<void>((resolve) => clock.after(500, resolve));
      if (taken++ === 0) throw new Error("no network");
      return "m-1";
    };
    const publisher = createPublisher({ ...options, delays: { ...options.delays, queue: { send } } });

    await expect(
      clock.until(publisher.publish(reminderDue, { text: "" }, { afterMs: 1 })),
    ).rejects.toMatchObject({
      failed: [{ message: "no network", retryable: true }],
    });
    const second = publisher.publish(reminderDue, { text: "" }, { afterMs: 1 });
    await clock.until(publisher.close());

    expect(taken).toBe(2);
    await expect(second).resolves.toMatchObject({ messageId: "m-1" });
  });
});

describe("cancel", () => {
  it.each([minuteMs, dayMs])("keeps an event that is due in %i ms from being sent", async (afterMs) => {
    const { clock, publisher, sent, lines } = world();
    await clock.until(publisher.publish(reminderDue, { text: "" }, { id: "r-1", afterMs }));

    expect(await publisher.cancel("r-1")).toBe("cancelled");
    await clock.advance(afterMs + minuteMs);

    expect(sent()).toEqual([]);
    expect(lines).toMatchObject([{ id: "r-1", message: "a delayed event was cancelled, and is not sent" }]);
  });

  it("says when it was too late", async () => {
    const { clock, publisher, sent } = world();
    await clock.until(publisher.publish(reminderDue, { text: "" }, { id: "r-1", afterMs: minuteMs }));
    await clock.advance(2 * minuteMs);

    expect(await publisher.cancel("r-1")).toBe("sent");
    expect(sent()).toEqual(["r-1"]);
  });

  it("holds for one source, and for what comes after it", async () => {
    const { clock, publisher, sent } = world();

    expect(await publisher.cancel("r-1")).toBe("cancelled");
    expect(await publisher.cancel("r-2", { source: "/other" })).toBe("cancelled");
    for (const id of ["r-1", "r-2"]) {
      await clock.until(publisher.publish(reminderDue, { text: "" }, { id, afterMs: minuteMs }));
    }
    await clock.advance(2 * minuteMs);

    expect(sent()).toEqual(["r-2"]);
  });
});

describe("delayer", () => {
  it("sends again what it was killed over, as often as it takes", async () => {
    let calls = 0;
    const { clock, publisher, sent, delays } = world({
      onTopic: () => {
        if (++calls <= 8) throw Object.assign(new Error("no network"), { name: "TimeoutError" });
      },
    });
    await clock.until(publisher.publish(reminderDue, { text: "" }, { id: "r-1", afterMs: minuteMs }));

    await clock.advance(10 * minuteMs);

    expect(sent()).toEqual(["r-1"]);
    expect(delays.waiting).toBe(0);
    expect(await publisher.cancel("r-1")).toBe("sent");
  });

  it.each(["queue", "schedules", "states", "publisher"] as const)(
    "loses nothing when it dies behind each call of %s, and sends nothing that was cancelled",
    async (part) => {
      const { clock, publisher, parts, delays, sent } = world();
      let deaths = 0;
      const dying =
        (call: (...args: never[]) => Promise<unknown>) =>
        async (...args: never[]) => {
          const answer = await call(...args);
          if (deaths++ % 2 === 0) throw new Error("killed behind the call");
          return answer;
        };
      const mortal = Object.fromEntries(
        Object.entries(parts[part] as object).map(([name, call]) => [name, dying(call)]),
      );
      const pass = delayer(
        { v: 1, bus: "shop", ...place, roleArn: "r" },
        { ...parts, sink: () => {}, [part]: mortal },
      );
      delays.receive(async (body) => {
        const { batchItemFailures } = await pass({ Records: [{ messageId: "m", body }] });
        if (batchItemFailures.length > 0) throw new Error("it comes again");
      });
      for (const [id, afterMs] of [
        ["soon", minuteMs],
        ["late", dayMs],
        ["never", dayMs],
      ] as const) {
        await clock.until(publisher.publish(reminderDue, { text: "" }, { id, afterMs }));
      }
      await publisher.cancel("never");

      await clock.advance(2 * dayMs);

      expect(new Set(sent())).toEqual(new Set(["soon", "late"]));
      expect(deaths).toBeGreaterThan(1);
      expect(delays.waiting).toBe(0);
    },
  );

  it("leaves a batch's others alone, whatever one of them is", async () => {
    const { clock, publisher, pass, sent, lines } = world();
    const message = {
      topic: "reminders",
      id: "r-1",
      source: "/shop/web",
      type: "reminder.due",
      body: "{}",
      attributes: {},
    };
    const bodies = ["{", "null", '{"v":2}', encodeDelayed(message, clock.nowMs())];

    const answer = await clock.until(
      pass({ Records: bodies.map((body, index) => ({ messageId: `m-${index}`, body })) }),
    );

    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      "m-0",
      "m-1",
      "m-2",
    ]);
    expect(sent()).toEqual(["r-1"]);
    expect(lines).toHaveLength(3);
    await publisher.close();
  });
});

describe("a schedule's time", () => {
  it.each([
    ["2026-03-29T00:59:59.001Z", "at(2026-03-29T01:00:00)"],
    ["2026-10-25T01:00:00.000Z", "at(2026-10-25T01:00:00)"],
    ["2026-12-31T23:59:59.999Z", "at(2027-01-01T00:00:00)"],
  ])("of %s is %s: in UTC, and never early", (time, expression) => {
    expect(atExpression(Date.parse(time))).toBe(expression);
  });
});

describe("what waits", () => {
  it("is read as it was written, and named by its identity", () => {
    const message = { topic: "t", id: "1", source: "a", type: "x.y", body: "{}", attributes: { n: 1 } };

    expect(parseDelayed(encodeDelayed(message, 7))).toEqual({ v: 1, dueMs: 7, message });
    expect(delayKeyOf(message)).not.toBe(delayKeyOf({ source: "a1", id: "" }));
    expect(delayKeyOf(message)).toMatch(/^[0-9a-f]{32}$/);
  });
});
