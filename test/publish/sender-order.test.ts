import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ids, refused, senderOn, wire } from "./harness.ts";

const topic = "orders.fifo";

describe("createSender, on ordered topics", () => {
  it("puts one event of a group into a batch, and many groups", async () => {
    const { add, calls, sender, clock } = senderOn();

    for (const index of [0, 1, 2]) {
      for (const group of ids(12, "g")) add(wire(`${group}-${index}`, { topic, group }));
    }
    await clock.until(sender.flush());

    for (const call of calls()) {
      const groups = call.map((id) => id.split("-")[0]);
      expect(new Set(groups).size).toBe(groups.length);
    }
    expect(calls()[0]).toHaveLength(10);
  });

  it("lets nothing of the same group overtake an event that is tried again", async () => {
    let failing = 3;
    const onMessage = ({ id }: { id: string }) =>
      id === "a0" && failing-- > 0 ? refused("Busy", true) : undefined;
    const { add, topics, sender, clock } = senderOn({ onMessage });

    add(...ids(4, "a").map((id) => wire(id, { topic, group: "a" })));
    add(...ids(4, "b").map((id) => wire(id, { topic, group: "b" })));
    await clock.until(sender.flush());

    const taken = topics.taken(topic).map((message) => message.id);
    expect(taken.filter((id) => id.startsWith("a"))).toEqual(ids(4, "a"));
    expect(taken.filter((id) => id.startsWith("b"))).toEqual(ids(4, "b"));
    expect(taken.indexOf("b3")).toBeLessThan(taken.indexOf("a0"));
  });

  it("does not send what waits behind an event that is given up, and takes later ones of the group again", async () => {
    const onMessage = ({ id }: { id: string }) => (id === "a1" ? refused("Invalid", false) : undefined);
    const { add, topics, endOf, ends, sender, clock } = senderOn({ onMessage });

    add(...ids(4, "a").map((id) => wire(id, { topic, group: "a" })), wire("b0", { topic, group: "b" }));
    await clock.until(sender.flush());
    add(wire("a4", { topic, group: "a" }));
    await clock.until(sender.flush());

    expect(topics.taken(topic).map((message) => message.id)).toEqual(["a0", "b0", "a4"]);
    expect(endOf("a2")).toMatchObject([{ ok: false, code: "earlier-failed", retryable: true }]);
    expect(endOf("a3")).toMatchObject([{ ok: false, code: "earlier-failed", retryable: true }]);
    expect(ends).toHaveLength(6);
  });
});

/** What a call does in a property run: fails as a whole, loses its answer after all were taken, or asks each entry. */
type CallFate = "ok" | "throttled" | "gone" | "lost" | "invalid";

describe("createSender, whatever fails", () => {
  it("reports each event exactly once, loses none, sends none again after its success, and keeps every group's order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          events: fc.array(
            fc.record({ group: fc.nat(3), ordered: fc.boolean(), size: fc.integer({ min: 20, max: 400 }) }),
            {
              maxLength: 60,
            },
          ),
          calls: fc.infiniteStream(
            fc.constantFrom<CallFate>("ok", "ok", "ok", "throttled", "gone", "lost", "invalid"),
          ),
          entries: fc.infiniteStream(fc.constantFrom("ok", "ok", "ok", "busy", "refused")),
          callMs: fc.infiniteStream(fc.nat(50)),
          sideBySide: fc.integer({ min: 1, max: 4 }),
          attempts: fc.integer({ min: 1, max: 4 }),
          pauseEvery: fc.integer({ min: 1, max: 20 }),
          seed: fc.nat(),
        }),
        async ({ events, calls, entries, callMs, sideBySide, attempts, pauseEvery, seed }) => {
          const next = <T>(stream: IterableIterator<T>, otherwise: T): T => {
            const { value, done } = stream.next();
            return done ? otherwise : value;
          };
          const success = new Map<string, number>();
          const sentAfterSuccess: string[] = [];
          const groupsInFlight: string[] = [];
          let overlapping = 0;
          const run = senderOn({}, { sideBySide, attempts, maxBytes: 1_024 }, seed);
          run.topics.publishBatch = async (arn, messages) => {
            expect(messages.length).toBeLessThanOrEqual(10);
            for (const { id } of messages) if (success.has(id)) sentAfterSuccess.push(id);
            const groups = messages.flatMap(({ groupId }) => (arn === topic && groupId ? [groupId] : []));
            if (
              groups.some((group) => groupsInFlight.includes(group)) ||
              new Set(groups).size < groups.length
            ) {
              overlapping++;
            }
            groupsInFlight.push(...groups);
            await new Promise<void>((resolve) => run.clock.after(next(callMs, 0), resolve));
            for (const group of groups) groupsInFlight.splice(groupsInFlight.indexOf(group), 1);
            const fate = next(calls, "ok");
            if (fate === "throttled") throw Object.assign(new Error("slow"), { name: "ThrottledException" });
            if (fate === "gone") throw Object.assign(new Error("gone"), { name: "NotFoundException" });
            if (fate === "lost") throw new Error("socket hang up");
            if (fate === "invalid")
              throw Object.assign(new Error("bad"), { name: "InvalidParameterException" });
            return messages.map(({ id }) => {
              const entry = next(entries, "ok");
              if (entry === "busy") return refused("Busy", true);
              if (entry === "refused") return refused("Refused", false);
              success.set(id, success.size);
              return { ok: true as const, messageId: id };
            });
          };

          const messages = events.map(({ group, ordered, size }, index) =>
            wire(`e${index}`, ordered ? { topic, group: `g${group}`, size } : { size }),
          );
          for (const [index, message] of messages.entries()) {
            run.add(message);
            if (index % pauseEvery === 0) await run.clock.advance(7);
          }
          await run.clock.until(run.sender.flush());

          expect(run.ends.map((end) => end.id).sort()).toEqual(messages.map((message) => message.id).sort());
          for (const { id, result } of run.ends) expect([id, result.ok]).toEqual([id, success.has(id)]);
          expect(sentAfterSuccess).toEqual([]);
          expect(overlapping).toBe(0);
          expect(run.sender.held).toBe(0);
          for (const group of ids(4, "g")) {
            const taken = messages.filter(({ groupId, id }) => groupId === group && success.has(id));
            const order = taken.map(({ id }) => success.get(id) ?? -1);
            expect(order).toEqual([...order].sort((left, right) => left - right));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
