import { afterEach, expect, it } from "@jest/globals";
import { badInput } from "./bad-input.ts";
import type { DeployedPython } from "./deployed-python.ts";

/** Real deployments on a machine that has other things to do. */
const patienceMs = 90_000;

/** What the consumer of test/fixtures/python-app does wherever it is deployed. */
export function deployedScenarios(find: () => DeployedPython): void {
  afterEach(() => find().drained(), patienceMs);

  it(
    "handles a published event, once though it is sent twice, and emits",
    async () => {
      const deployed = find();
      const order = deployed.order({ cents: 1250 });

      await deployed.publish(order, order);

      expect(await deployed.handled(order.id)).toEqual({ score: 12, runs: 1 });
      const emitted = await deployed.emitted(order.id);
      expect(emitted).toMatchObject({ type: "score.changed", data: { score: 12 } });
      await deployed.drained();
      expect(await deployed.handled(order.id)).toEqual({ score: 12, runs: 1 });
    },
    patienceMs,
  );

  it(
    "makes a dead letter of what the handler refuses",
    async () => {
      const deployed = find();
      const unlucky = deployed.order({ cents: 13 });

      await deployed.publish(unlucky);

      expect(await deployed.deadLetter(JSON.stringify(unlucky))).toEqual({
        reason: "permanent",
        message: "an unlucky order",
      });
    },
    patienceMs,
  );

  it(
    "makes a dead letter of each bad input with the field in its reason, and handles all mates",
    async () => {
      const deployed = find();
      const bad = badInput();
      const mates = bad.map((_, index) => deployed.order({ cents: 100 * index }));
      await deployed.enqueue(...bad.flatMap(({ before }) => before ?? []));
      await deployed.drained();

      await deployed.enqueue(...bad.flatMap(({ body }, index) => [body, JSON.stringify(mates[index])]));

      const handled = await Promise.all(mates.map(({ id }) => deployed.handled(id)));
      expect(handled).toEqual(mates.map((_, index) => ({ score: index, runs: 1 })));
      const packed = bad.flatMap(({ mates = [] }) => mates);
      expect(packed.length).toBe(1);
      await Promise.all(packed.map((id) => deployed.handled(id)));
      for (const { body, reason, field } of bad) {
        const letter = await deployed.deadLetter(body);
        expect(letter).toEqual({ reason, message: expect.stringMatching(field) });
      }
    },
    patienceMs,
  );

  it(
    "finds bytes of Latin-1 that were published as they are",
    async () => {
      const deployed = find();
      const order = deployed.order({ cents: 5, note: "naïve" });

      await deployed.publishBytes(Buffer.from(JSON.stringify(order), "latin1"));

      expect(await deployed.deadLetter(order.id)).toEqual({
        reason: "bad-encoding",
        message: expect.stringMatching(/^data\.note: holds U\+FFFD/),
      });
    },
    patienceMs,
  );
}
