import assert from "node:assert/strict";
import type { MappingFacts, Mappings } from "../../src/governor/index.ts";
import type { ConformanceCheck } from "./conformance.ts";

/** Mappings to be checked: one consumer's, enabled, with a maximum concurrency of 10, which is what was planned. */
export interface MappingsSubject {
  readonly mappings: Mappings;
  readonly consumer: string;
  /** Lets some time pass, so that a change may take effect. */
  pause(): Promise<void>;
}

/**
 * What a governor relies on in Lambda's mappings. `make` gives a fresh subject for each check.
 *
 * @example
 * for (const { name, check } of mappingsConformance(makeSubject)) it(name, check);
 */
export function mappingsConformance(
  make: () => Promise<MappingsSubject> | MappingsSubject,
): readonly ConformanceCheck[] {
  const look = async ({ mappings, consumer }: MappingsSubject): Promise<MappingFacts> => {
    const found = (await mappings.list()).find((one) => one.consumer === consumer);
    assert.ok(found, `a mapping of ${consumer} is listed`);
    return found;
  };
  /** Waits until the mapping is as wanted: a change takes its time. */
  const until = async (subject: MappingsSubject, wanted: Partial<MappingFacts>) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = await look(subject);
      const isThere = Object.entries(wanted).every(
        ([name, value]) => found[name as keyof MappingFacts] === value,
      );
      if (isThere) return;
      await subject.pause();
    }
    assert.fail(`the mapping is not ${JSON.stringify(wanted)}: ${JSON.stringify(await look(subject))}`);
  };
  const accepted = async (subject: MappingsSubject, change: Parameters<Mappings["update"]>[1]) => {
    const { uuid } = await look(subject);
    for (let tries = 0; tries < 100; tries++) {
      const answer = await subject.mappings.update(uuid, change);
      if (answer === "accepted") return;
      assert.equal(answer, "busy");
      await subject.pause();
    }
    assert.fail("it stays busy");
  };

  return [
    check("tells a consumer's mapping, with its queue and what it asks for", async () => {
      const subject = await make();
      const found = await look(subject);

      assert.deepEqual(
        { ...found, uuid: "" },
        {
          uuid: "",
          consumer: subject.consumer,
          queue: found.queue,
          state: "Enabled",
          maximumConcurrency: 10,
          isProvisioned: false,
        },
      );
      assert.ok(found.queue.includes(subject.consumer));
    }),

    check("is disabled and enabled again, in its own time", async () => {
      const subject = await make();

      await accepted(subject, { enabled: false });
      await until(subject, { state: "Disabled", maximumConcurrency: 10 });
      await accepted(subject, { enabled: false });
      await accepted(subject, { enabled: true });
      await until(subject, { state: "Enabled", maximumConcurrency: 10 });
    }),

    check("takes a bound for the batches at once, together with being enabled, and loses it", async () => {
      const subject = await make();

      await accepted(subject, { enabled: false });
      await until(subject, { state: "Disabled" });
      await accepted(subject, { enabled: true, maximumConcurrency: 2 });
      await until(subject, { state: "Enabled", maximumConcurrency: 2 });
      await accepted(subject, { maximumConcurrency: "unset" });
      await until(subject, { state: "Enabled", maximumConcurrency: undefined });
    }),

    check("says that a mapping is gone", async () => {
      const { mappings } = await make();

      assert.equal(await mappings.update("00000000-0000-4000-8000-000000000000", { enabled: false }), "gone");
    }),

    check("tells what was planned, whatever it asks for now", async () => {
      const subject = await make();
      await accepted(subject, { maximumConcurrency: 2 });

      assert.equal(await subject.mappings.plannedConcurrency(subject.consumer), 10);
    }),
  ];

  function check(name: string, run: () => Promise<void>): ConformanceCheck {
    return { name, check: run };
  }
}
