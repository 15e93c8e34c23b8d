import { OmnibusError } from "../../errors.ts";
import type { PartMessage } from "../parts.ts";

/** What a reconciler's function is asked to do, in the field `omnibus` of its payload. */
export type ReconcilerRequest =
  /** A run, with all that belongs to it: repairs by itself, report, metrics. The schedule asks for it. */
  | (Asked & { readonly do: "run" })
  /** A plan of what is open, kept under its id. */
  | (Asked & { readonly do: "plan" })
  /** Repairs by a plan that is kept, from one item on. */
  | (Asked & {
      readonly do: "apply";
      readonly plan: string;
      readonly from?: number;
      readonly dryRun?: boolean;
    })
  /** Repairs may go on by themselves again. */
  | (Asked & { readonly do: "resume" });

interface Asked {
  readonly v: 1;
  /** Who asks: `schedule`, or an IAM identity. */
  readonly by: string;
  /** Which of the function's jobs, where it has several: `delivery-{consumer}`. @default all, or the only one */
  readonly job?: string;
  /** To be over after so long, even where the function has more time. */
  readonly withinMs?: number;
}

/** A message of the windows' queue, as Lambda hands it over. */
export interface PartRecord {
  readonly messageId: string;
  readonly body: string;
}

/** The function was invoked with something that it does not know. */
export class RequestError extends OmnibusError {}

const known = ["run", "plan", "apply", "resume"] as const;

/** The records of a payload, or what it asks for. Throws `RequestError` for anything else. */
export function readRequest(
  payload: unknown,
): ReconcilerRequest | { readonly records: readonly PartRecord[] } {
  const { Records: records, omnibus } = (payload ?? {}) as { Records?: unknown; omnibus?: unknown };
  if (Array.isArray(records)) return { records: records as readonly PartRecord[] };
  const request = omnibus as Partial<ReconcilerRequest> | undefined;
  if (request?.v === 1 && known.includes(request.do as "run") && typeof request.by === "string") {
    return request as ReconcilerRequest;
  }
  throw new RequestError(
    "request",
    `this function was invoked with ${JSON.stringify(payload)?.slice(0, 200)}; { "omnibus": { "v": 1, "do": ${known.map((one) => JSON.stringify(one)).join(" | ")}, "by": "…" } } is known, or messages of its queue: use bus reconcile of the version that is deployed`,
  );
}

/** A part's message. Throws `RequestError` for what is none. */
export function readPartMessage(body: string): PartMessage {
  try {
    const message = JSON.parse(body) as Partial<PartMessage> | null;
    if (message?.v === 1 && typeof message.job === "string") return message as PartMessage;
  } catch {
    // Told below.
  }
  throw new RequestError("part-message", `${JSON.stringify(body.slice(0, 200))} is no message of a part`);
}
