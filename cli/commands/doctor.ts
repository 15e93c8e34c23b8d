import { busName } from "../bus-name.ts";
import { command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadOps } from "../load-ops.ts";

const marks = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

/** `bus doctor`: looks at every part of a bus, where it runs, and says what to do about each that is not well. */
export const doctor = command({
  name: "doctor",
  summary: "look at every part of a bus, and say what to do about what is not well; changes nothing",
  details: [
    "Looks where AWS_ENDPOINT_URL leads, and without it at the real cloud: which account, credentials and versions; topics,",
    "ledger, outbox, archive, the bus's own functions and what calls them, and of each consumer its function, queues, dead letters,",
    "mapping, permissions, subscriptions and contracts.",
    "Ends with 3 when something fails, with 0 when nothing does.",
    "",
    "Examples:",
    "  AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1 bus doctor",
    "  bus doctor --bus shop --json",
  ].join("\n"),
  options: {
    bus: {
      value: "<name>",
      summary: "the bus to look at (default: every one that has a consumer here)",
      parse: busName,
    },
    json: { summary: "print what was found as one line of JSON, the last on standard output" },
  },
  run: async (terminal, { bus, json }) => {
    // Loaded here, so that `bus --help` does not wait for the AWS SDK.
    const { examine, readVersions, sdkReads } = await loadOps(() => import("../../ops/doctor/index.ts"));
    const { findTarget, targetText } = await loadOps(() => import("../../ops/target.ts"));
    const target = await findTarget();
    terminal.say(`looking at ${targetText(target)} …`);
    const reads = sdkReads();
    try {
      const { buses, findings } = await examine({
        target,
        versions: readVersions(terminal.directory),
        reads,
        bus,
      });
      const count = (level: keyof typeof marks) => findings.filter((one) => one.level === level).length;
      const counts = { ok: count("ok"), warn: count("warn"), fail: count("fail") };
      if (json) terminal.printJson({ target, buses, ...counts, findings });
      else {
        for (const { check, level, message, fix } of findings) {
          terminal.print(`${marks[level]}  ${check.padEnd(13)}${message}`);
          if (fix !== undefined) terminal.print(`${"".padEnd(19)}→ ${fix}`);
        }
        terminal.print(`\n${counts.ok} ok, ${counts.warn} to look at, ${counts.fail} failed`);
      }
      return counts.fail > 0 ? exitCodes.failed : exitCodes.done;
    } finally {
      reads.close();
    }
  },
});
