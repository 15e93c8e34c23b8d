import { virtualClock } from "../../local/testing/index.ts";
import { inMemoryHolds } from "../../src/breaker/index.ts";
import { sleep, uuidv7 } from "../../src/clock.ts";
import { sealEvent } from "../../src/contract/index.ts";
import { inMemoryLedger } from "../../src/ledger/index.ts";
import { readBooks } from "./books.ts";
import { orderOf, orderPlaced } from "./contracts.ts";
import { judge, type OutageResult } from "./judge.ts";
import { consumer } from "./names.ts";
import { type OutageOptions, quietSeconds, takesMs } from "./options.ts";
import { startCharging } from "./start-charging.ts";
import { startVirtualGovernor } from "./virtual-governor.ts";
import { virtualPartner } from "./virtual-partner.ts";

/** How often orders come, and how often it is looked whether all is over. */
const tickMs = 200;
const lookMs = 1_000;
/** A run that takes longer is stuck. */
const longestAfterMs = 12 * 3_600_000;

/** What a test breaks on purpose, to see that the drill fails then. */
export interface VirtualChanges {
  /** Without a governor nobody closes mappings, and nobody probes. */
  readonly isGoverned?: boolean;
  /** The idempotency key of a payment. */
  readonly keyOf?: (effectKey: string) => string;
}

/**
 * Plays it in virtual time: the real pipeline, mapping and governor over models of queue, tables and partner. What Lambda and
 * SQS take is modelled as AWS has it; an hour takes a fraction of a minute.
 */
export async function playVirtually(
  { events, downSeconds }: Pick<OutageOptions, "events" | "downSeconds">,
  { isGoverned = true, keyOf }: VirtualChanges = {},
): Promise<OutageResult> {
  const clock = virtualClock();
  const holds = inMemoryHolds();
  const ledger = inMemoryLedger({ keepMs: 60 * 86_400_000, clock });
  const beganMs = clock.nowMs();
  const downAtMs = beganMs + quietSeconds * 1_000;
  const partner = virtualPartner({ clock, downAtMs, downMs: downSeconds * 1_000, takesMs });
  const { queue, deadLetters, mapping, probes } = startCharging({
    ...{ clock, ledger, holds, partner },
    ...(keyOf ? { keyOf } : {}),
  });
  const governor = isGoverned ? startVirtualGovernor({ clock, holds, mapping, probes }) : undefined;
  const spanMs = (downSeconds + 2 * quietSeconds) * 1_000;

  const publish = async () => {
    let order = 0;
    while (order < events) {
      const due = Math.min(events, Math.ceil(((clock.nowMs() - beganMs + tickMs) * events) / spanMs));
      for (; order < due; order++) {
        const stamp = { id: uuidv7(clock), source: "/payday/shop", timeMs: clock.nowMs() };
        queue.send({ body: (await sealEvent(orderPlaced, orderOf(order, "virtual"), stamp)).body });
      }
      await sleep(clock, tickMs);
    }
  };
  let heldSeconds = 0;
  const isRecovered = async () => {
    const [found] = await holds.read([consumer.name]);
    if (found?.holds.length) heldSeconds += lookMs / 1_000;
    const { visible, inFlight, delayed } = queue.counts();
    const isSettled = !isGoverned || (!found?.holds.length && !found?.ramp);
    return isSettled && visible + inFlight + delayed === 0;
  };
  const play = async () => {
    const publishing = publish();
    do await sleep(clock, lookMs);
    while (!(await isRecovered()) || clock.nowMs() < beganMs + spanMs);
    await publishing;
  };
  await clock.until(play(), spanMs + longestAfterMs);
  governor?.stop();
  await clock.until(mapping.stop());

  const attempts = [...ledger.items.values()].map((item) => item.attempts);
  return judge({
    events,
    downSeconds,
    books: readBooks(partner.lines),
    dead: deadLetters.messages().length,
    maxAttempts: attempts.reduce((most, one) => Math.max(most, one), 0),
    heldSeconds,
  });
}
