import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ReplayJob } from "../../src/replay/index.ts";
import { replayWorld } from "./replay-world.ts";

const valid = new Ajv2020({ validateFormats: false }).compile(
  JSON.parse(readFileSync(new URL("../../schema/replay-job.schema.json", import.meta.url), "utf8")),
);
/** `Required`, so that a field that is added to the type must be added here, and so to the schema. */
const selection: Required<ReplayJob["selection"]> = {
  ...{ fromMs: 0, toMs: 4_000_000_000_000, from: "2026-01-01-00-00/0/0", to: "2026-01-02-00-00/0/0" },
  ...{ type: ["order.*"], topic: ["orders"], source: ["/shop*"], subject: ["s"] },
  filters: { orders: { type: ["order.created"] } },
  list: { key: "replays/1.ndjson.gz", events: 1 },
  ...{ unsealed: true, share: { nth: 0, of: 2 } },
};

describe("replay-job.schema.json", () => {
  it("is satisfied by replays in each state, sealed or not where they are", async () => {
    const { archive, seal, replay, make, run, clock } = replayWorld();
    await archive([{ id: "o-1", timeMs: clock.nowMs() }]);
    const open = await replay({ fromMs: 0 });
    await seal();
    const sealed = await replay({ fromMs: 0 });
    const made = await make(selection);
    const stopped = await run((await make({ fromMs: 0 })).id, { signal: AbortSignal.abort() });

    const whole = await make({ fromMs: 0 }, { ordered: true, fleet: { members: 2, parts: 2 } });
    const part = { ...whole, id: `${whole.id}/0001`, of: whole.id };

    for (const job of [open, sealed, made, stopped, whole, part]) {
      valid(job);
      expect([job.state, valid.errors]).toEqual([job.state, null]);
    }
    expect([open.cursor, sealed.cursor].map((cursor) => cursor && Object.keys(cursor))).toEqual([
      ["span", "timeMs", "identity"],
      ["span", "segment", "line"],
    ]);
  });

  it("refuses a state or a field that it does not know", async () => {
    const job = await replayWorld().make({ fromMs: 0 });

    expect([valid({ ...job, state: "lost" }), valid({ ...job, more: 1 })]).toEqual([false, false]);
  });
});
