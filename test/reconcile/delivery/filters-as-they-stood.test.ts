import { describe, expect, it } from "@jest/globals";
import { wantedBy } from "../../../src/reconcile/delivery/wanted-by.ts";
import { hourMs, minuteMs } from "../sources/sealed-world.ts";
import { deliveryWorld } from "./delivery-world.ts";

const created = { orders: { type: ["order.created"] } };
const paidToo = { orders: { type: ["order.created", "order.paid"] } };
const greyMs = 15 * minuteMs;

describe("wantedBy", () => {
  const message = (type: string, topic = "orders") => ({
    topic,
    attributes: { type: { DataType: "String", StringValue: type } },
  });
  const t = (hours: number) => hours * hourMs;
  const wanted = wantedBy(
    [
      { filters: created, changedMs: t(10) },
      { filters: paidToo, changedMs: t(21), afterMs: t(20) },
      { filters: {}, changedMs: t(30), afterMs: t(30) },
    ],
    greyMs,
  );
  const at = (type: string, fromMs: number, toMs = fromMs) => wanted(message(type), fromMs, toMs);

  it("knows nothing of what was before the first", () => {
    expect(at("order.created", t(9))).toBe("grey");
    expect(at("order.created", t(10) + greyMs)).toBe("grey");
    expect(at("order.created", t(10) + greyMs + 1)).toBe("yes");
    expect(at("order.paid", t(10) + greyMs + 1)).toBe("no");
  });

  it("cannot tell around a change, but where both say the same", () => {
    expect(at("order.paid", t(20) - greyMs - 1)).toBe("no");
    expect(at("order.paid", t(20) - greyMs)).toBe("grey");
    expect(at("order.paid", t(21) + greyMs)).toBe("grey");
    expect(at("order.paid", t(21) + greyMs + 1)).toBe("yes");
    expect(at("order.created", t(20.5))).toBe("yes");
    expect(at("stock.locked", t(20.5))).toBe("no");
  });

  it("wants nothing of who is gone", () => {
    expect(at("order.created", t(30) + greyMs + 1)).toBe("no");
    expect(at("order.created", t(30))).toBe("grey");
  });

  it("says of a stretch of time what is true of all of it", () => {
    expect(at("order.paid", t(11), t(19))).toBe("no");
    expect(at("order.paid", t(11), t(20))).toBe("grey");
    expect(at("order.paid", t(22), t(29))).toBe("yes");
    expect(at("order.created", t(11), t(29))).toBe("yes");
    expect(at("order.created", t(5), t(29))).toBe("grey");
  });

  it("wants nothing of a topic that has no filter", () => {
    expect(wanted(message("order.created", "stock"), t(15), t(15))).toBe("no");
    expect(wanted({ topic: undefined, attributes: {} }, t(15), t(15))).toBe("no");
  });

  it("knows nothing at all without versions", () => {
    expect(wantedBy([], 0)(message("order.created"), t(1), t(1))).toBe("grey");
  });
});

describe("deliveryReconciler with filters that change", () => {
  it("goes by each as it stood, and judges nothing in between", async () => {
    const world = deliveryWorld();
    world.deploy("Points", created);
    await world.run();
    await world.clock.advance(hourMs);
    const paid = (id: string) => ({ id, type: "order.paid", timeMs: world.clock.nowMs() });
    const order = (id: string) => ({ id, timeMs: world.clock.nowMs() });
    await world.publish(paid("not-yet"), order("o-1"));
    await world.drain();
    await world.clock.advance(hourMs);
    await world.run();

    await world.clock.advance(20 * minuteMs);
    // SNS has it later than Lambda: one comes, one does not, and nobody can tell whether it was to.
    world.deploy("Points", paidToo);
    await world.publish(paid("grey-and-there"));
    await world.drain();
    world.consumers.get("Points")?.queue.splice(0);
    const restore = world.unsubscribe("Points");
    await world.publish(paid("grey-and-lost"), order("lost-all-the-same"));
    restore();
    await world.clock.advance(hourMs);
    await world.publish(paid("now"), order("o-2"));
    await world.drain();
    await world.settle(5);

    expect(await world.run()).toMatchObject({ Points: { open: 1, grey: 2 } });
    expect(await world.open("Points")).toEqual(["missing-right lost-all-the-same"]);

    const lose = world.unsubscribe("Points");
    await world.publish(paid("lost"));
    lose();
    await world.settle(5);
    await world.run();
    expect(await world.open("Points")).toEqual(["missing-right lost", "missing-right lost-all-the-same"]);
  });

  it("judges nothing that was before a consumer began, and all that came later", async () => {
    const world = deliveryWorld();
    world.deploy("Stock");
    await world.run();
    await world.live(3, "before");
    world.deploy("Points");
    await world.clock.advance(20 * minuteMs);
    await world.live(2, "after");
    const restore = world.unsubscribe("Points");
    await world.publish({ id: "lost", timeMs: world.clock.nowMs() });
    restore();
    await world.drain();
    await world.settle(5);

    await world.run();

    expect(await world.open("Points")).toEqual(["missing-right lost"]);
  });

  it("expects nothing any more of a consumer that is gone, and looks on where only its function is", async () => {
    const world = deliveryWorld();
    for (const name of ["Points", "Stock"]) world.deploy(name);
    await world.run();
    await world.clock.advance(hourMs);
    await world.live(1, "a");
    await world.run();
    // Points is removed by its stack; somebody has deleted the function of Stock, and nothing else.
    world.unsubscribe("Points");
    world.sight.functions.delete("Points");
    world.sight.functions.delete("Stock");
    await world.publish({ id: "b", timeMs: world.clock.nowMs() });
    world.consumers.get("Stock")?.queue.splice(0);
    await world.settle(5);

    expect(await world.run()).toMatchObject({
      Points: { verdict: "not judged", why: "it is gone" },
      Stock: { verdict: "differ", open: 1 },
    });

    // It comes back, and nothing of the time between is missing.
    world.deploy("Points");
    await world.clock.advance(hourMs);
    await world.live(1, "c");
    await world.settle(5);
    expect(await world.run()).toMatchObject({ Points: { verdict: "agree", open: 0 } });
  });
});
