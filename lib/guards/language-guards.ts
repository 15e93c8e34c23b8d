import { dirname } from "node:path";
import { missingPackages, schemaProblem, wireSchema } from "../python/index.ts";
import type { ConsumerFacts } from "./consumer-facts.ts";
import type { Guard } from "./guard.ts";

/** What a handler's language asks of its code and of its contracts. */
export const languageGuards: readonly Guard<ConsumerFacts>[] = [
  {
    id: "language",
    reason: "the code would be built for another language's runtime, and no handler would start",
    fix: 'give a .py file with language: "python", and any other without; bundling is esbuild\'s, so not with Python',
    link: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
    final: true,
    check: ({ language, entry, hasBundling }) => {
      const isPython = entry.endsWith(".py");
      if (isPython !== (language === "python")) return `language is "${language}" and entry ${entry}`;
      return isPython && hasBundling ? `bundling is given for ${entry}` : undefined;
    },
  },
  {
    id: "python-mode",
    reason:
      "the Python runtime knows no transactions yet: its function would refuse its settings and never start",
    fix: "write the handler in TypeScript, or leave mode out and put effects under ctx.effect_key",
    link: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html",
    final: true,
    check: ({ language, mode }) =>
      language === "python" && mode === "transaction"
        ? 'mode is "transaction" and language "python"'
        : undefined,
  },
  {
    id: "python-schema",
    reason: "a rule that Python does not check would let data through that other consumers refuse",
    fix: "say it in the subset of docs/python.md, or check it in the handler (PermanentError), or handle it in TypeScript",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html",
    final: true,
    check: ({ language, on, emits }) => {
      if (language !== "python") return undefined;
      for (const contract of [...on, ...emits]) {
        const name = `contract ${contract.type}:${contract.version}`;
        try {
          const problem = schemaProblem(wireSchema(contract));
          if (problem) return `${name}, ${problem.at}: ${problem.why}`;
        } catch (error) {
          return `${name}: its validator gives no JSON Schema (${String(error)})`;
        }
      }
      return undefined;
    },
  },
  {
    id: "python-tenant",
    reason: "what the handler emits would be nobody's, and its tenants would keep each other waiting",
    fix: "name a field of the data as the contract's tenant, or give load_contract a tenant of its own (docs/python.md)",
    link: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html",
    check: ({ language, emits }) => {
      const lost =
        language === "python" ? emits.find(({ tenant }) => typeof tenant === "function") : undefined;
      return lost
        ? `the tenant of contract ${lost.type}:${lost.version} is a function of TypeScript`
        : undefined;
    },
  },
  {
    id: "python-claims",
    reason:
      "handlers in Python do not read data that was too large for its message: such an event is a dead letter",
    fix: "handle in TypeScript what may be large; acknowledge it where all events of this consumer are small",
    link: "https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html",
    check: ({ language, busClaims }) =>
      language === "python" && busClaims ? "the bus has claims, and language is python" : undefined,
  },
  {
    id: "python-packages",
    reason: "nothing is installed at synth: the function would end when it loads",
    fix: "install them into the entry's folder, for Lambda: pip install --target (docs/python.md)",
    link: "https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
    check: ({ language, entry }) => {
      const missing = language === "python" ? missingPackages(entry) : [];
      return missing.length === 0
        ? undefined
        : `requirements.txt names ${missing.join(", ")}, and no such package lies in ${dirname(entry)}`;
    },
  },
];
