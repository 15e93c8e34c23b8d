import { describe, expect, it } from "@jest/globals";
import { gate, ids, refused, senderOn, wire } from "./harness.ts";

describe("createSender, batching", () => {
  it("sends a full batch of ten at once, and the rest after the linger", async () => {
    const { add, calls, clock } = senderOn();

    add(...ids(12).map((id) => wire(id)));
    await clock.advance(4);
    expect(calls()).toEqual([ids(10)]);

    await clock.advance(1);
    expect(calls()).toEqual([ids(10), ["e10", "e11"]]);
  });

  it("sends the events of one tenant together: on a standard topic a group keeps no order", async () => {
    const { add, calls } = senderOn();

    add(...ids(10).map((id) => wire(id, { group: "acme" })));

    expect(calls()).toEqual([ids(10)]);
  });

  it("sets one timer for all that linger together", () => {
    const { add, clock } = senderOn();

    add(...ids(9).map((id) => wire(id)));

    expect(clock.pending).toBe(1);
  });

  it("keeps a batch within the topic's bytes, attributes counted", async () => {
    // 100 bytes of body, and 4 + 6 + 13 of the attribute `type`.
    const { add, calls, sender, clock } = senderOn({}, { maxBytes: 3 * 123 });

    add(...ids(7).map((id) => wire(id, { size: 100 })));
    await clock.until(sender.flush());

    expect(calls().map((call) => call.length)).toEqual([3, 3, 1]);
  });

  it("keeps topics apart", async () => {
    const { add, topics, sender, clock } = senderOn();

    add(wire("a"), wire("b", { topic: "users" }), wire("c"));
    await clock.until(sender.flush());

    expect(topics.taken("orders").map((message) => message.id)).toEqual(["a", "c"]);
    expect(topics.taken("users").map((message) => message.id)).toEqual(["b"]);
  });

  it("sends batches side by side, up to the bound and not beyond", async () => {
    const open = gate();
    let now = 0;
    let most = 0;
    const onCall = async () => {
      most = Math.max(most, ++now);
      await open.promise;
      now--;
    };
    const { add, calls, sender, clock } = senderOn({ onCall }, { sideBySide: 3 });

    add(...ids(100).map((id) => wire(id)));
    await clock.advance(0);
    expect(calls()).toHaveLength(3);
    open.open();
    await clock.until(sender.flush());

    expect(most).toBe(3);
    expect(calls()).toHaveLength(10);
  });

  it("says there is no room when it holds the most it may, in messages or in bytes, and when there is again", async () => {
    const { add, sender, clock } = senderOn({}, { maxWaiting: 2, maxWaitingBytes: 500 });
    expect(sender.room()).toBeUndefined();
    add(wire("a"), wire("b"));
    expect(sender.room()).toBeInstanceOf(Promise);
    await clock.until(sender.room() ?? Promise.resolve());
    expect(sender.held).toBe(0);

    add(wire("large", { size: 500 }));

    expect(sender.room()).toBeInstanceOf(Promise);
  });
});

describe("createSender, failing", () => {
  it("sends again only what failed, with the same bytes, and reports each once", async () => {
    let failing = 2;
    const onMessage = ({ id }: { id: string }) =>
      id === "e3" && failing-- > 0 ? refused("InternalError", true) : undefined;
    const { add, calls, topics, ends, sender, clock } = senderOn({ onMessage });

    add(...ids(10).map((id) => wire(id)));
    await clock.until(sender.flush());

    expect(calls()).toEqual([ids(10), ["e3"], ["e3"]]);
    const sent = topics.calls.flatMap((call) => call.messages).filter((message) => message.id === "e3");
    expect(new Set(sent.map((message) => JSON.stringify(message))).size).toBe(1);
    expect(ends).toHaveLength(10);
    expect(ends.every((end) => end.result.ok)).toBe(true);
  });

  it("waits between tries for a random time within a range that doubles", async () => {
    const waits: number[][] = [[], [], [], []];
    for (let seed = 1; seed <= 200; seed++) {
      const at: number[] = [];
      const run = senderOn(
        { onCall: () => void at.push(run.clock.nowMs()), onMessage: () => refused("Busy", true) },
        { attempts: 5 },
        seed,
      );
      run.add(wire("a"));
      await run.clock.until(run.sender.flush());
      for (const wait of waits.keys()) waits[wait]?.push((at[wait + 1] ?? 0) - (at[wait] ?? 0));
    }

    for (const [index, range] of [100, 200, 400, 800].entries()) {
      const seen = waits[index] ?? [];
      expect(Math.max(...seen)).toBeLessThanOrEqual(range);
      expect(Math.max(...seen)).toBeGreaterThan(range * 0.9);
      expect(Math.min(...seen)).toBeLessThan(range * 0.1);
    }
  });

  it("gives up after the last try, and says why", async () => {
    const { add, calls, endOf, sender, clock } = senderOn(
      { onMessage: () => refused("Busy", true) },
      { attempts: 3 },
    );

    add(wire("a"));
    await clock.until(sender.flush());

    expect(calls()).toHaveLength(3);
    expect(endOf("a")).toEqual([refused("Busy", true)]);
  });

  it("does not try again what the topic refuses for good", async () => {
    const { add, calls, endOf, sender, clock } = senderOn({ onMessage: () => refused("Invalid", false) });

    add(wire("a"));
    await clock.until(sender.flush());

    expect(calls()).toHaveLength(1);
    expect(endOf("a")).toEqual([refused("Invalid", false)]);
  });

  it("tries a whole call again when it was throttled or the network was gone", async () => {
    const errors = [
      named("ThrottledException", 429),
      Object.assign(new Error("gone"), { code: "ECONNRESET" }),
    ];
    const onCall = () => {
      const error = errors.shift();
      if (error) throw error;
    };
    const { add, calls, ends, sender, clock } = senderOn({ onCall });

    add(wire("a"), wire("b"));
    await clock.until(sender.flush());

    expect(calls()).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(ends.every((end) => end.result.ok)).toBe(true);
  });

  it.each([
    ["NotFoundException", 404],
    ["AuthorizationErrorException", 403],
    ["AccessDenied", 403],
    ["CredentialsProviderError", undefined],
  ])("does not try %s again", async (name, status) => {
    const onCall = () => {
      throw named(name, status);
    };
    const { add, calls, endOf, sender, clock } = senderOn({ onCall });

    add(wire("a"));
    await clock.until(sender.flush());

    expect(calls()).toHaveLength(1);
    expect(endOf("a")).toMatchObject([{ ok: false, code: name, retryable: false }]);
  });

  it("sends each alone when one message spoils a call, so that only that one fails", async () => {
    const onCall = (_: string, messages: readonly { id: string }[]) => {
      if (messages.some((message) => message.id === "e4")) throw named("InvalidParameterException", 400);
    };
    const { add, endOf, topics, sender, clock } = senderOn({ onCall });

    add(...ids(10).map((id) => wire(id)));
    await clock.until(sender.flush());

    expect(topics.taken("orders")).toHaveLength(9);
    expect(endOf("e4")).toMatchObject([{ ok: false, code: "InvalidParameterException", retryable: false }]);
  });

  it("treats results that are missing as failed, and tries again", async () => {
    const run = senderOn();
    const whole = run.topics.publishBatch.bind(run.topics);
    let short = true;
    run.topics.publishBatch = async (arn, messages) => {
      const results = await whole(arn, messages);
      if (!short) return results;
      short = false;
      return results.slice(0, 1);
    };

    run.add(wire("a"), wire("b"));
    await run.clock.until(run.sender.flush());

    expect(run.calls()).toEqual([["a", "b"], ["b"]]);
    expect(run.ends).toHaveLength(2);
  });
});

describe("createSender, flushing", () => {
  it("does not linger", async () => {
    const { add, calls, sender, clock } = senderOn({}, { lingerMs: 60_000 });

    add(wire("a"));
    const startMs = clock.nowMs();
    await clock.until(sender.flush());

    expect(calls()).toEqual([["a"]]);
    expect(clock.nowMs()).toBe(startMs);
    expect(clock.pending).toBe(0);
  });

  it("waits for retries, but not for what was added after it", async () => {
    const late = gate();
    let failing = 1;
    const { add, sender, clock, ends } = senderOn({
      onCall: (_, messages) => (messages[0]?.id === "late" ? late.promise : undefined),
      onMessage: () => (failing-- > 0 ? refused("Busy", true) : undefined),
    });

    add(wire("early"));
    const flushed = sender.flush();
    await clock.advance(0);
    add(...ids(10, "late").map((id, index) => wire(index === 0 ? "late" : id)));
    await clock.until(flushed);

    expect(ends.map((end) => end.id)).toEqual(["early"]);
    late.open();
    await clock.until(sender.flush());
    expect(ends).toHaveLength(11);
  });

  it("resolves at once when nothing is held", async () => {
    await senderOn().sender.flush();
  });
});

function named(name: string, status?: number): Error {
  const error = new Error(`${name} happened`);
  error.name = name;
  return Object.assign(error, status === undefined ? {} : { $metadata: { httpStatusCode: status } });
}
