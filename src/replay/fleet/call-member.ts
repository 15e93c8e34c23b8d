import { awsClient } from "../../aws-client.ts";
import { OmnibusError } from "../../errors.ts";
import { jobFunctionName } from "../../names.ts";

/** Which member of a fleet, from 0, is to go on with which replay. */
export interface MemberCall {
  readonly replay: string;
  readonly member: number;
}

/** Has a member begin in a function of its own, and does not wait for what becomes of it. */
export type CallMember = (call: MemberCall) => Promise<void>;

/** A `LambdaClient`. It is not named: who types a test against this room need not have that part of the SDK. */
interface Invoker {
  send(command: object): Promise<unknown>;
}

/** A `CallMember` that invokes the function `{bus}-replayer`. The SDK is loaded with the first call. */
export function lambdaMembers({
  bus,
  client: given,
}: {
  readonly bus: string;
  /** @default one of this environment */
  readonly client?: Invoker;
}): CallMember {
  let made: Invoker | undefined = given;
  return async ({ replay, member }) => {
    const { InvokeCommand, LambdaClient } = await import("../lambda-sdk.ts");
    made ??= awsClient(LambdaClient, { maxAttempts: 5 });
    await made.send(
      new InvokeCommand({
        FunctionName: jobFunctionName(bus, "replayer"),
        InvocationType: "Event",
        Payload: JSON.stringify({ omnibus: { v: 1, do: "replay", replay, member } }),
      }),
    );
  };
}

/** What a call asks for. Throws `OmnibusError` (`request`) for anything else. */
export function readMemberCall(payload: unknown): MemberCall {
  const { omnibus } = (payload ?? {}) as { omnibus?: Partial<MemberCall & { v: number; do: string }> };
  const { v, do: asked, replay, member } = omnibus ?? {};
  if (v === 1 && asked === "replay" && typeof replay === "string" && Number.isInteger(member)) {
    return { replay, member: member as number };
  }
  throw new OmnibusError(
    "request",
    `this function was invoked with ${JSON.stringify(payload)?.slice(0, 200)}; { "omnibus": { "v": 1, "do": "replay", "replay": "…", "member": 0 } } is known: use bus replay of the version that is deployed`,
  );
}
