import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { loadOps } from "../load-ops.ts";
import { mendStanding } from "./outbox-mend.ts";

/** `bus outbox release`: what stands in an outbox goes on. */
export const outboxRelease = command({
  name: "release",
  summary: "have what stands in an outbox sent again; first shows it",
  details: [
    "The dead wait again; a parked key is tried again from the event that it waits behind. The relay's next sweep sends them, within a",
    "minute. A key that waits for a missing sequence goes on without it with --skip-missing alone.",
    "Asks first, or wants --yes; without AWS_ENDPOINT_URL, in the real cloud, it always wants --yes.",
    "",
    "Examples:",
    "  bus outbox release account-17",
    "  bus outbox release --all --yes --json",
  ].join("\n"),
  arguments: { name: { value: "[name]", summary: "the event or the key, as bus outbox list shows it" } },
  options: {
    bus: { value: "<name>", summary: "whose outbox, where there are several", parse: busName },
    all: { summary: "all that stands" },
    "skip-missing": { summary: "let keys go on that wait for a sequence which is not there" },
    yes: { summary: "do it, without asking" },
    json: { summary: "print what was done as one line of JSON, the last on standard output" },
  },
  run: (terminal, { "skip-missing": skipMissing, ...words }) =>
    mendStanding(terminal, words, "release", async (store, chosen) => {
      const { releaseStanding } = await loadOps(() => import("../../ops/outbox/index.ts"));
      return releaseStanding(store, chosen, { skipMissing });
    }),
});
