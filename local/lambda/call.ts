import type { InvokeResult } from "../mapping/index.ts";
import { errorPayload } from "./error-payload.ts";

/** An invocation that someone waits for. */
export interface Call {
  readonly requestId: string;
  readonly payload: string;
  readonly resolve: (result: InvokeResult) => void;
}

/** Makes a call that its caller can leave: what still waits is not run; what runs already runs on, as in Lambda. */
export function leaveOnAbort(signal: AbortSignal, call: Call, waiting: Call[]): Call {
  const leave = () => {
    const index = waiting.indexOf(leaving);
    if (index >= 0) waiting.splice(index, 1);
    call.resolve({ status: "error", kind: "exit", payload: errorPayload("Aborted", "the caller has gone") });
  };
  const leaving: Call = {
    ...call,
    resolve: (result) => {
      signal.removeEventListener("abort", leave);
      call.resolve(result);
    },
  };
  if (signal.aborted) queueMicrotask(leave);
  else signal.addEventListener("abort", leave, { once: true });
  return leaving;
}
