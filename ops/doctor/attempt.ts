import type { Read } from "./facts.ts";

/** What services call a thing that is not there, and a call that is not allowed. */
const missing = /NotFound|NonExistentQueue|QueueDoesNotExist|NoSuchBucket/;
const denied = /AccessDenied|AuthorizationError|NotAuthorized|UnauthorizedOperation/;

/** Reads something: there, not there, or not allowed to look. Anything else is thrown on: the cloud could not be asked. */
export async function attempt<Value>(action: string, read: () => Promise<Value>): Promise<Read<Value>> {
  try {
    return { found: await read() };
  } catch (thrown) {
    const { name = "" } = thrown as { name?: string };
    if (missing.test(name)) return { missing: true };
    if (denied.test(name)) return { denied: action };
    throw thrown;
  }
}
