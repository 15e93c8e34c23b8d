import type { ConsumerFacts, QueueFacts, Read } from "./facts.ts";
import { type Finding, fail, ok, redeploy, unseen, warn } from "./finding.ts";

/** Below this, throttled batches reach the dead-letter queue unrun. (with-sqs, "Configuring a queue") */
const leastReceiveCount = 5;
/** Of the function's timeout: what AWS asks of a visibility timeout. (services-sqs-configure) */
const visibilityTimeouts = 6;

/** The queue itself: it outlasts the function, and what cannot be handled goes to the consumer's own dead letters. */
export function judgeQueue(facts: ConsumerFacts, windowSeconds: number): readonly Finding[] {
  const name = facts.function.name;
  if ("missing" in facts.queue) {
    return [fail("queue", `${name}: there is no queue: nothing arrives`, redeploy)];
  }
  if ("denied" in facts.queue) return [unseen("queue", `queue of ${name}`, facts.queue.denied)];
  const queue = facts.queue.found;
  const { timeoutSeconds } = facts.function;
  const findings: Finding[] = [];
  const advised = visibilityTimeouts * timeoutSeconds + windowSeconds;
  if (queue.visibilitySeconds < timeoutSeconds) {
    findings.push(
      fail(
        "queue",
        `${queue.name}: messages are visible again after ${queue.visibilitySeconds} s, and the function may run ${timeoutSeconds} s: events run twice at once`,
        redeploy,
      ),
    );
  } else if (queue.visibilitySeconds < advised) {
    findings.push(
      warn(
        "queue",
        `${queue.name}: visibility timeout ${queue.visibilitySeconds} s; ${advised} s (6 × the function's ${timeoutSeconds} s, and the window) leave room for throttling`,
        redeploy,
      ),
    );
  }
  findings.push(...judgeRedrive(queue, facts.deadLetters));
  if (findings.length > 0) return findings;
  return [ok("queue", `${queue.name}: ${queue.waiting} waiting, ${queue.inFlight} in flight`)];
}

function judgeRedrive(queue: QueueFacts, deadLetters: Read<QueueFacts>): readonly Finding[] {
  const { redrive } = queue;
  if (redrive === undefined) {
    return [
      fail("queue", `${queue.name} has no dead-letter queue: poison comes back until it expires`, redeploy),
    ];
  }
  if ("found" in deadLetters && redrive.targetArn !== deadLetters.found.arn) {
    return [
      fail(
        "queue",
        `${queue.name} sends dead letters to ${redrive.targetArn} instead of ${deadLetters.found.arn}`,
        redeploy,
      ),
    ];
  }
  if (redrive.maxReceiveCount >= leastReceiveCount) return [];
  return [
    warn(
      "queue",
      `${queue.name}: dead after ${redrive.maxReceiveCount} receives; throttled batches count as receives, and reach the dead letters unrun`,
      `allow at least ${leastReceiveCount} (maxReceiveCount)`,
    ),
  ];
}

/** The two queues that should be empty, and keep what comes longer than the work queue does. */
export function judgeSideQueues(facts: ConsumerFacts): readonly Finding[] {
  return [
    judgeSideQueue("dead-letters", "dead letters", facts, facts.deadLetters, {
      why: "each carries its reason in the attribute omnibus",
      look: "read the reasons",
    }),
    judgeSideQueue("undelivered", "messages that SNS could not deliver", facts, facts.undelivered, {
      why: "the queue was gone, or its policy or key refused SNS",
      look: "mend that, then send them on; look at them",
    }),
  ];
}

function judgeSideQueue(
  check: "dead-letters" | "undelivered",
  what: string,
  { function: { name }, queue }: ConsumerFacts,
  side: Read<QueueFacts>,
  { why, look }: { readonly why: string; readonly look: string },
): Finding {
  if ("missing" in side) return fail(check, `${name}: there is no queue for ${what}`, redeploy);
  if ("denied" in side) return unseen(check, `queue of ${name} for ${what}`, side.denied);
  const { waiting, inFlight, retentionSeconds } = side.found;
  const count = waiting + inFlight;
  if (count > 0) {
    return warn(
      check,
      `${side.found.name}: ${count} ${what}: ${why}`,
      `${look}: aws sqs receive-message --message-attribute-names All --queue-url $(aws sqs get-queue-url --queue-name ${side.found.name} --query QueueUrl --output text)`,
    );
  }
  // A moved message keeps the time at which it was first sent. (sqs-dead-letter-queues)
  if ("found" in queue && retentionSeconds < queue.found.retentionSeconds) {
    return warn(
      check,
      `${side.found.name} keeps messages ${retentionSeconds} s, and the work queue ${queue.found.retentionSeconds} s: dead letters may be gone when they arrive`,
      redeploy,
    );
  }
  return ok(check, `${side.found.name}: empty`);
}
