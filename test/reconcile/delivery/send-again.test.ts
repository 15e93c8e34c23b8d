import { describe, expect, it } from "@jest/globals";
import { archiver } from "../../../src/archive/index.ts";
import type { SentMessage } from "../../../src/reconcile/delivery/ports.ts";
import { sendAgain } from "../../../src/reconcile/delivery/send-again.ts";
import { bytesOf } from "../../../src/reconcile/delivery/sent-message.ts";
import type { Resend } from "../../../src/reconcile/index.ts";
import { eventJson, notified } from "../../archive/records.ts";
import { sealedWorld } from "../sources/sealed-world.ts";

const context = { job: "delivery-Points", plan: "p", by: "anna" };

/** An archive with some messages, as they were published, and a queue that takes them again. */
async function archived(
  records: readonly Parameters<typeof notified>[],
  { fifo = false, perSecond = 50 } = {},
) {
  const world = sealedWorld();
  await archiver(world.settings, { ...world, sink: () => {} })({
    Records: records.map((one) => notified(...one)),
  });
  await world.seal();
  const sent: { readonly atMs: number; readonly messages: readonly SentMessage[] }[] = [];
  const send = sendAgain({
    archive: world.segments.archive,
    sender: {
      send: async (queue, messages) => {
        expect(queue).toBe(fifo ? "shop-Points.fifo" : "shop-Points");
        sent.push({ atMs: world.clock.nowMs(), messages });
      },
    },
    queue: fifo ? "shop-Points.fifo" : "shop-Points",
    fifo,
    perSecond,
    clock: world.clock,
  });
  const resend = (line: number): Resend => ({
    difference: {} as Resend["difference"],
    consumer: "Points",
    offsets: [`2026-01-01-00-00/0/${line}`],
    effectKey: `key-${line}`,
  });
  return { ...world, sent, send, resend };
}

describe("sendAgain", () => {
  it("sends bodies and attributes as they were published, byte for byte", async () => {
    const body = `  ${eventJson({ id: "o-1", data: { text: 'Zoë \u2028 "x"\n' } })}\n`;
    const attributes = {
      type: { Type: "String", Value: "order.created" },
      raw: { Type: "Binary", Value: "AQL/" },
    };
    const { send, resend, sent } = await archived([[body, { attributes, group: "tenant-1" }]]);

    await send([resend(0)], { ...context, signal: new AbortController().signal });

    expect(sent[0]?.messages).toEqual([
      {
        MessageBody: body,
        MessageAttributes: {
          type: { DataType: "String", StringValue: "order.created" },
          raw: { DataType: "Binary", BinaryValue: "AQL/" },
        },
        MessageGroupId: "tenant-1",
      },
    ]);
  });

  it("sends one event out of a message that held several", async () => {
    const [one, other] = ["o-1", "o-2"].map((id) => eventJson({ id }));
    const { send, resend, sent } = await archived([[`[${one}, ${other}]`]]);

    await send([resend(1)], { ...context, signal: new AbortController().signal });

    expect(sent[0]?.messages.map(({ MessageBody }) => MessageBody)).toEqual([other]);
  });

  it("sends into its group of an ordered queue, under a name that was not used before", async () => {
    const { send, resend, sent } = await archived(
      [[eventJson({ id: "o-1", partitionkey: "customer-7" })], [eventJson({ id: "ö 2" })]],
      { fifo: true },
    );

    await send([resend(0), resend(1)], { ...context, signal: new AbortController().signal });

    expect(sent[0]?.messages).toMatchObject([
      { MessageGroupId: "customer-7", MessageDeduplicationId: "key-0" },
      { MessageGroupId: "/shop/web/__2", MessageDeduplicationId: "key-1" },
    ]);
  });

  it("sends no more in a second than it may, over all of its calls", async () => {
    const events = Array.from({ length: 20 }, (_, nth) => [eventJson({ id: `o-${nth}` })] as [string]);
    const { send, resend, sent, clock } = await archived(events, { perSecond: 5 });
    const lines = Array.from({ length: 20 }, (_, nth) => resend(nth));
    const beganMs = clock.nowMs();

    for (const some of [lines.slice(0, 10), lines.slice(10, 12), lines.slice(12)]) {
      await clock.until(send(some, { ...context, signal: new AbortController().signal }));
    }

    expect(sent.map(({ atMs, messages }) => [atMs - beganMs, messages.length])).toEqual([
      [0, 10],
      [2_000, 2],
      [2_400, 8],
    ]);
  });

  it("sends large messages in more than one call: SQS takes a megabyte at once", async () => {
    const events = Array.from(
      { length: 6 },
      (_, nth) => [eventJson({ id: `o-${nth}`, data: { text: "x".repeat(240_000) } })] as [string],
    );
    const { send, resend, sent, clock } = await archived(events);

    const lines = Array.from({ length: 6 }, (_, nth) => resend(nth));
    await clock.until(send(lines, { ...context, signal: new AbortController().signal }));

    expect(sent.map(({ messages }) => messages.length)).toEqual([4, 2]);
    for (const { messages } of sent) {
      expect(messages.reduce((sum, one) => sum + bytesOf(one), 0)).toBeLessThanOrEqual(1_048_576);
    }
  });

  it("stops where there is no more time, and says where an event is gone from the archive", async () => {
    const { send, resend, sent } = await archived([[eventJson({ id: "o-1" })]]);
    const signal = AbortSignal.abort(new Error("time is over"));

    await expect(send([resend(0)], { ...context, signal })).rejects.toThrow("time is over");
    await expect(send([resend(7)], { ...context, signal: new AbortController().signal })).rejects.toThrow(
      "the archive has no event at 2026-01-01-00-00/0/7 any more",
    );
    expect(sent).toEqual([]);
  });
});
