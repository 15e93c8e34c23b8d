import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { loadOps } from "../load-ops.ts";
import { mendStanding } from "./outbox-mend.ts";

/** `bus outbox drop`: what cannot be sent is removed for good. */
export const outboxDrop = command({
  name: "drop",
  summary: "remove events that cannot be sent for good; first shows them",
  details: [
    "A dead event is gone then. Of a parked key the event goes that it waits behind, and the key goes on with the next one. What only",
    "waits is left. Nothing brings them back: their transaction was committed, and nobody will hear of them.",
    "Asks first, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus outbox drop account-17",
    "  bus outbox drop order-17 --yes",
  ].join("\n"),
  arguments: { name: { value: "[name]", summary: "the event or the key, as bus outbox list shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose outbox, where there are several", parse: busName },
    all: { summary: "all that stands" },
    yes: { summary: "do it, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, words) =>
    mendStanding(terminal, words, "drop", async (store, chosen) => {
      const { dropStanding } = await loadOps(() => import("../../ops/outbox/index.ts"));
      return dropStanding(store, chosen);
    }),
});
