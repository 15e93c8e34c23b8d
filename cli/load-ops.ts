import { UsageError } from "./usage-error.ts";

/** What the verbs need that a user of the runtime alone has not installed. */
const clients = ["dynamodb", "lambda", "s3", "sns", "sqs", "sts"].map((name) => `@aws-sdk/client-${name}`);

/** Loads verbs that ask AWS; says in one line what to install where a client of the AWS SDK is missing. */
export async function loadOps<Ops>(load: () => Promise<Ops>): Promise<Ops> {
  try {
    return await load();
  } catch (thrown) {
    const { code, message } = thrown as { code?: string; message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message?.includes("@aws-sdk/")) throw thrown;
    throw new UsageError(
      `this command asks AWS through its SDK: npm install --save-dev ${clients.join(" ")}`,
    );
  }
}
