import type { WireTarget } from "../env.ts";
import { type WireClient, WireError, wireClient } from "../wire/index.ts";

/** AWS's names of what it answers by a status: they stand in a header that is not handed out. */
const names: Readonly<Record<number, string>> = {
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  409: "ConflictException",
};

/** EventBridge Scheduler over signed HTTP: its bodies are JSON texts, and its errors are told by their status. */
export function schedulerWire(target: WireTarget): WireClient {
  return wireClient({ service: "scheduler", target, maxAttempts: 3, errorOf });
}

/** `{"Message":"…"}` */
function errorOf(body: string, status: number): WireError {
  const { Message = body.slice(0, 200) } = readJson(body);
  return new WireError(names[status] ?? `Status${status}`, Message, status);
}

function readJson(body: string): { readonly Message?: string } {
  try {
    return JSON.parse(body) as { Message?: string };
  } catch {
    return {};
  }
}
