import type { EventInvocations, FunctionHost } from "../../lambda/index.ts";
import type { Mapping, MappingSpec, StreamMapping, StreamMappingSpec } from "../../mapping/index.ts";
import type { Scheduler } from "../../scheduler/index.ts";
import type { Asset } from "../assembly/read-assembly.ts";
import type { AwsCall } from "../aws-call.ts";

/** A CloudFormation resource type that the local cloud has. */
export interface ResourceType {
  readonly type: string;
  /**
   * Each property that is known: `applied`, or why it makes no difference here. One that is not in the table is listed
   * as unsupported when a template has it.
   */
  readonly properties: Readonly<Record<string, typeof applied | string>>;
  /**
   * Makes the resource, or brings the one that is there in line: called with what is there already after a restart
   * with kept data, and on reload when `canUpdate` allows it. `properties` holds the applied ones, resolved.
   */
  place(request: PlaceRequest): Promise<Placed>;
  /** Whether a change of properties can be applied to what runs. @default never */
  canUpdate?(before: Properties, after: Properties): boolean;
  /** Takes the resource away, after it has gone from the template. @default it stays until the next start */
  remove?(placed: Placed, platform: Platform): Promise<void>;
  /**
   * For what a data folder keeps: how the one of this name, which an earlier run made, is taken away once the app has it
   * no longer; `"data"` for what holds data, and stays. @default nothing of it outlives a run
   */
  readonly lasts?:
    | "data"
    | ((name: string, platform: Pick<Platform, "aws" | "region" | "account">) => Promise<unknown>);
}

/** The value of a property that the local cloud acts on. */
export const applied = "applied";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as others refer to it. */
export interface Placed {
  /** The value of `Ref`. */
  readonly physicalId: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface PlaceRequest {
  readonly stack: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly platform: Platform;
  /** The name for a resource whose template gives none: the same at each start. */
  readonly defaultName: string;
  /** Says that something of this resource is not here, for the list of the unsupported. */
  unsupported(what: string): void;
}

/** What resources are made of. */
export interface Platform {
  readonly region: string;
  readonly account: string;
  readonly aws: AwsCall;
  readonly functions: FunctionHost;
  readonly events: Pick<EventInvocations, "configure">;
  readonly mappings: MappingHost;
  readonly scheduler: Scheduler;
  readonly assets: ReadonlyMap<string, Asset>;
  /** A folder for unpacked code; it goes when the cloud stops. */
  readonly codeDirectory: string;
  /** Throws when this machine cannot run functions in Python. */
  requirePython(): Promise<void>;
}

/** The event source mappings that run. */
export interface MappingHost {
  /** Those of queues. */
  all(): readonly Mapping[];
  streams(): readonly StreamMapping[];
  /** Starts one, or changes the one of the same uuid. `queueUrl` is where its messages come from. */
  put(spec: MappingSpec, queueUrl: string): Promise<void>;
  putStream(spec: StreamMappingSpec): Promise<void>;
  remove(uuid: string): Promise<void>;
}

/** A property as text, when it is there. */
export function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** A property as JSON text: templates give policies as objects, the APIs want text. */
export function jsonText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
