import type { ConsumerFacts, MappingFacts } from "./facts.ts";
import { type Finding, fail, ok, redeploy, unseen, warn } from "./finding.ts";

/** The mappings from this consumer's own queue to its function. */
export function mappingsOf({ queue, mappings }: ConsumerFacts): readonly MappingFacts[] {
  if (!("found" in mappings) || !("found" in queue)) return [];
  return mappings.found.filter(({ queueArn }) => queueArn === queue.found.arn);
}

/** The mapping: it runs, takes partial answers, and pulls no more than may run. */
export function judgeMapping(facts: ConsumerFacts): readonly Finding[] {
  const { name, reservedConcurrency: reserved } = facts.function;
  if ("denied" in facts.mappings) return [unseen("mapping", `mapping of ${name}`, facts.mappings.denied)];
  const [mapping, ...more] = mappingsOf(facts);
  if (mapping === undefined) {
    // Of a queue that is not there or not to be seen, its own line tells.
    if (!("found" in facts.queue)) return [];
    return [
      fail("mapping", `${name}: no mapping from its queue: nothing is handled, all of it waits`, redeploy),
    ];
  }
  const { uuid, state, maximumConcurrency: maximum } = mapping;
  const findings: Finding[] = [];
  if (more.length > 0) {
    findings.push(
      warn(
        "mapping",
        `${name}: ${more.length + 1} mappings from one queue`,
        "delete all but the stack's own",
      ),
    );
  }
  if (!mapping.partialAnswers) {
    findings.push(
      fail(
        "mapping",
        `${name}: partial answers are off: what failed in a batch is deleted with the rest`,
        `aws lambda update-event-source-mapping --uuid ${uuid} --function-response-types ReportBatchItemFailures`,
      ),
    );
  }
  if (state !== "Enabled") {
    findings.push(
      warn(
        "mapping",
        `${name}: the mapping is ${state}: messages wait`,
        /^Disabl/.test(state)
          ? `bus status tells what holds it; if nothing does: aws lambda update-event-source-mapping --uuid ${uuid} --enabled`
          : "wait a minute and look again",
      ),
    );
  }
  if (reserved !== undefined && (maximum === undefined || maximum > reserved)) {
    findings.push(
      warn(
        "mapping",
        `${name}: it pulls ${maximum ?? "without bound"}, and ${reserved} may run: what is throttled comes nearer to the dead letters unrun`,
        `aws lambda update-event-source-mapping --uuid ${uuid} --scaling-config MaximumConcurrency=${Math.max(2, reserved)}`,
      ),
    );
  }
  if (mapping.lastResult?.startsWith("PROBLEM")) {
    findings.push(
      warn("mapping", `${name}: the last poll: ${mapping.lastResult}`, "read the function's log"),
    );
  }
  if (findings.length > 0) return findings;
  return [ok("mapping", `${name}: enabled, at most ${maximum ?? "1,250"} at once, partial answers`)];
}
