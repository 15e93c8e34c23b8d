import type { awsClients } from "../helpers/aws-clients.ts";

/** What stands in for AWS here or there. `bus local` is our own endpoint, over fauxqs and dynoxide. */
export type StandIn = "bus local" | "fauxqs" | "dynoxide" | "DynamoDB Local" | "MiniStack";

export type Clients = ReturnType<typeof awsClients>;

/**
 * A question that stand-ins answer in different ways: one row of docs/emulators.md. It is put to each stand-in that has
 * an answer here, so that a release which answers otherwise is noticed.
 */
export interface Question {
  readonly about: string;
  /** What AWS does, by its own documentation, or by its own code in DynamoDB Local. */
  readonly aws: string;
  readonly answers: Readonly<Partial<Record<StandIn, string>>>;
  /** Finds out. `name` is nobody else's, for queues, topics and tables. */
  ask(clients: Clients, name: string, endpoint: string): Promise<string>;
}

/** The name of what was thrown, or `taken` when nothing was: the usual form of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "taken";
  } catch (thrown) {
    return `refused: ${(thrown as Error).name}`;
  }
}
