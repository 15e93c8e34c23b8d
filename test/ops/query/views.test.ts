import { describe, expect, it } from "@jest/globals";
import type { BusArchive } from "../../../ops/archive/index.ts";
import { askArchive, type Cell, viewColumns, views } from "../../../ops/query/index.ts";
import { formatOffset, readLines } from "../../../src/segments/index.ts";
import { eventJson } from "../../archive/records.ts";
import { keptBus, minuteMs } from "../archive/kept-bus.ts";

/** The rows of an answer, as objects. */
async function ask(archive: BusArchive, sql: string): Promise<readonly Readonly<Record<string, Cell>>[]> {
  const { answer, close } = await askArchive({ archive, sql });
  const rows: Record<string, Cell>[] = [];
  for await (const page of answer.pages) {
    for (const row of page) {
      rows.push(Object.fromEntries(answer.columns.map(({ name }, index) => [name, row[index] ?? null])));
    }
  }
  close();
  return rows;
}

const one = async (archive: BusArchive, sql: string) => (await ask(archive, sql))[0];

describe("the view archive", () => {
  it("has every column that bus query --schema tells of, and no other, in that order", async () => {
    const bus = keptBus();
    await bus.events({ id: "a" });
    const archive = await bus.open();

    for (const { name, kind } of views) {
      const columns = await ask(archive, `describe ${name}`);
      expect(columns.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
        viewColumns[kind].map(({ name, type }) => [
          name,
          type.startsWith("STRUCT") ? expect.stringMatching(/^STRUCT\(MessageBody VARCHAR/) : type,
        ]),
      );
    }
  });

  it("holds each event once: told twice in a span, over an edge, sealed and open", async () => {
    const bus = keptBus();
    const published = { timestamp: "2026-11-27T01:30:00.000Z" };
    const event = eventJson({ id: "a" });
    await bus.message(event, published);
    await bus.message(event, published);
    await bus.clock.advance(minuteMs);
    await bus.message(event, published);
    await bus.events({ id: "b" });
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();
    await bus.message(event, published);
    await bus.events({ id: "b" }, { id: "c" });
    const archive = await bus.open();

    const rows = await ask(archive, 'select id, span, "offset" from archive order by id');

    expect(rows).toEqual([
      { id: "a", span: "2026-11-27-01-30", offset: "2026-11-27-01-30/0/0" },
      { id: "b", span: "2026-11-27-01-31", offset: "2026-11-27-01-31/0/0" },
      { id: "c", span: "2026-11-27-01-32", offset: null },
    ]);
    expect(await one(archive, "select count(*) as copies from archive_all")).toEqual({ copies: 5 });
  });

  it("takes the copy that has an offset, also where another one was published before it", async () => {
    const bus = keptBus();
    const event = eventJson({ id: "a" });
    await bus.message(event, { timestamp: "2026-11-27T01:30:01.000Z" });
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();
    await bus.message(event, { timestamp: "2026-11-27T01:30:00.000Z" });
    const archive = await bus.open();

    expect(await ask(archive, 'select "offset" from archive')).toEqual([{ offset: "2026-11-27-01-30/0/0" }]);
  });

  it("keeps two events of one name with other data, and messages that are no events", async () => {
    const bus = keptBus();
    await bus.events({ id: "a", data: { n: 1 } }, { id: "a", data: { n: 2 } });
    for (const messageId of ["m-1", "m-2", "m-2"]) await bus.message("no event", { messageId });
    const archive = await bus.open();

    expect(
      await ask(archive, "select id, data->>'n' as n, problem, body from archive order by id nulls first, n"),
    ).toEqual([
      { id: null, n: null, problem: "bad-json", body: "no event" },
      { id: null, n: null, problem: "bad-json", body: "no event" },
      { id: "a", n: "1", problem: null, body: expect.stringContaining('"n":1') },
      { id: "a", n: "2", problem: null, body: expect.stringContaining('"n":2') },
    ]);
  });

  it("takes messages apart that hold several events, also while they are raw", async () => {
    const bus = keptBus();
    await bus.message(`[${eventJson({ id: "a" })}, {"no": "event"}, ${eventJson({ id: "b" })}]`, {
      messageId: "m-1",
    });
    const archive = await bus.open();
    const asked =
      'select id, "index", problem, messageid, data->>\'cents\' as cents from archive order by "index"';

    const open = await ask(archive, asked);
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();

    expect(open).toEqual([
      { id: "a", index: 0, problem: null, messageid: "m-1", cents: "1250" },
      { id: null, index: 1, problem: "bad-envelope", messageid: "m-1", cents: null },
      { id: "b", index: 2, problem: null, messageid: "m-1", cents: "1250" },
    ]);
    expect(await ask(archive, asked)).toEqual(open);
  });

  it("gives text back as it was: quotes, line breaks, every script, controls", async () => {
    const id = `"o'-\\1" ✓ 日本 👩‍🚀`;
    const subject = "it's; drop view archive --";
    const text = `${id}\n\t\u0000\u001b[2J \u202e {"packed":2}`;
    const bus = keptBus();
    await bus.events({ id, subject, data: { text } });
    const archive = await bus.open();

    const row = await one(archive, "select id, subject, data->>'text' as text, data from archive");

    expect(row).toEqual({ id, subject, text, data: { text } });
  });

  it("answers half a surrogate pair as U+FFFD, and leaves alone what only looks like one", async () => {
    const bus = keptBus();
    await bus.message("half \ud83d pair, whole \ud83d\ude80, \udc00");
    await bus.message("written out: \\ud83d and \\\\ud83d");
    await bus.events({ id: "a", data: { text: "\\ud83d" } });
    const archive = await bus.open();

    const open = await ask(archive, "select body from archive where problem is not null order by body");
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();

    const expected = [
      { body: "half \ufffd pair, whole \ud83d\ude80, \ufffd" },
      { body: "written out: \\ud83d and \\\\ud83d" },
    ];
    expect(open).toEqual(expected);
    expect(await ask(archive, "select body from archive where problem is not null order by body")).toEqual(
      expected,
    );
    expect(await one(archive, "select data->>'text' as text from archive where id = 'a'")).toEqual({
      text: "\\ud83d",
    });
  });

  it("answers numbers that JSON would round as text", async () => {
    const bus = keptBus();
    const event = eventJson({ id: "a", data: "DATA" });
    await bus.message(
      event.replace('"DATA"', '{"n":12345678901234567890,"price":1.50,"big":9007199254740993}'),
    );
    const archive = await bus.open();

    const row = await one(
      archive,
      "select data, (data->>'big')::bigint as big, 1.10::decimal(9,2) as price, 12345678901234567890::hugeint as huge, 0.1 + 0.2 as sum from archive",
    );

    expect(row).toEqual({
      data: { n: "12345678901234567890", price: 1.5, big: "9007199254740993" },
      big: "9007199254740993",
      price: 1.1,
      huge: "12345678901234567890",
      sum: 0.3,
    });
  });

  it("has attributes, binary ones in base64, and Athena's names for them", async () => {
    const bus = keptBus();
    await bus.message(eventJson({ id: "a" }), {
      attributes: {
        type: { Type: "String", Value: "order.created" },
        'q"': { Type: "Binary", Value: "AAE=" },
      },
      group: "g-1",
    });
    await bus.message(eventJson({ id: "b" }), { attributes: {} });
    const archive = await bus.open();

    expect(
      await ask(
        archive,
        `select id, attributes, "group", message.messageattributes['type'].stringvalue as t,
           cast(json_extract_scalar(message.messagebody, '$.data.cents') as bigint) as cents
         from archive order by id`,
      ),
    ).toEqual([
      {
        id: "a",
        attributes: { type: "order.created", 'q"': "AAE=" },
        group: "g-1",
        t: "order.created",
        cents: 1250,
      },
      { id: "b", attributes: null, group: null, t: null, cents: 1250 },
    ]);
  });

  it("tells times as they are, in UTC, whatever they are compared with", async () => {
    const bus = keptBus();
    await bus.events({ id: "a", time: "2026-11-27T02:29:59.123+01:00" });
    await bus.events({ id: "old", time: "2019-01-01T00:00:00Z" });
    const archive = await bus.open();

    expect(
      await ask(
        archive,
        `select id, time, published, eventtime, date_trunc('minute', time) as minute,
           time < now() + interval 100 year as before, from_iso8601_timestamp(time) = time as same
         from archive order by id`,
      ),
    ).toEqual([
      {
        id: "a",
        time: "2026-11-27T01:29:59.123Z",
        published: "2026-11-27T01:30:00Z",
        eventtime: null,
        minute: "2026-11-27T01:29:00Z",
        before: true,
        same: true,
      },
      {
        id: "old",
        time: "2026-11-27T01:30:00Z",
        published: "2026-11-27T01:30:00Z",
        eventtime: "2019-01-01T00:00:00Z",
        minute: "2026-11-27T01:30:00Z",
        before: true,
        same: true,
      },
    ]);
  });

  it("says the same as reading line by line, over several spans, segments and blocks", async () => {
    const bus = keptBus();
    const note = "x".repeat(3_000);
    for (let span = 0; span < 3; span++) {
      for (let batch = 0; batch < 4; batch++) {
        const ids = Array.from({ length: 400 }, (_, n) => `o-${span * 10_000 + batch * 300 + n}`);
        await bus.events(...ids.map((id) => ({ id, data: { note, id } })));
        await bus.clock.advance(15_000);
      }
    }
    await bus.clock.advance(5_000);
    await bus.seal();
    await bus.events({ id: "new" });
    const archive = await bus.open();
    const read: string[] = [];
    for await (const page of readLines(archive.archive)) {
      for (const { line, offset } of page) {
        read.push(`${line.identity.split("\n")[1]} ${offset ? formatOffset(offset) : null}`);
      }
    }

    const rows = await ask(archive, `select id, "offset" from archive`);

    expect(rows.map(({ id, offset }) => `${id} ${offset}`).sort()).toEqual(read.sort());
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  }, 60_000);
});

describe("the view journal", () => {
  async function fourEnds() {
    const bus = keptBus();
    const time = "2026-11-27T01:29:59.500Z";
    await bus.ends({ id: "a", time, state: "dead", reason: "permanent", attempts: 3 });
    await bus.ends({ id: "a", time, consumer: "Ship" });
    await bus.clock.advance(minuteMs + 5_000);
    await bus.seal();
    await bus.ends({ id: "a", time, attempts: 4 }, { id: "a", time, attempts: 4 });
    await bus.clock.advance(1_000);
    await bus.ends({ id: "a", time, replay: "r-1" });
    return bus.open();
  }

  it("has the last end of each event at each consumer, and of each replay", async () => {
    const archive = await fourEnds();

    expect(
      await ask(
        archive,
        `select consumer, state, attempts, critical_ms, reason, replay, "offset" from journal order by consumer, replay nulls first`,
      ),
    ).toEqual([
      {
        ...{ consumer: "LockStock", state: "done", attempts: 4, critical_ms: 65_500 },
        ...{ reason: null, replay: null, offset: null },
      },
      {
        ...{ consumer: "LockStock", state: "done", attempts: 1, critical_ms: 66_500 },
        ...{ reason: null, replay: "r-1", offset: null },
      },
      {
        ...{ consumer: "Ship", state: "done", attempts: 1, critical_ms: 500 },
        ...{ reason: null, replay: null, offset: "2026-11-27-01-30/0/1" },
      },
    ]);
  });

  it("has every end, each once, in journal_all", async () => {
    const archive = await fourEnds();

    const rows = await ask(
      archive,
      "select state, reason from journal_all where consumer = 'LockStock' order by completed",
    );

    expect(rows).toEqual([
      { state: "dead", reason: "permanent" },
      { state: "done", reason: null },
      { state: "done", reason: null },
    ]);
  });

  it("answers quantiles of critical time, and can be joined with the archive", async () => {
    const bus = keptBus();
    await bus.events({ id: "a" }, { id: "b" });
    for (const id of ["a", "b"]) {
      await bus.clock.advance(1_000);
      await bus.ends({ id, time: "2026-11-27T01:30:00.000Z" });
    }
    const archive = await bus.open();

    expect(
      await ask(
        archive,
        `select j.consumer, quantile_cont(critical_ms, 0.5) as p50, approx_percentile(critical_ms, 1) as p100,
           sum((a.data->>'cents')::bigint) as cents
         from journal j join archive a using (source, id) group by j.consumer`,
      ),
    ).toEqual([{ consumer: "LockStock", p50: 1_500, p100: 2_000, cents: 2_500 }]);
  });

  it("is there, and empty, where nothing was written", async () => {
    const archive = await keptBus().open();

    expect(await ask(archive, "select count(*) as n from journal, archive")).toEqual([{ n: 0 }]);
    expect(await ask(archive, "select 1 as n")).toEqual([{ n: 1 }]);
  });
});
