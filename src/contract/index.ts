export { canonicalJson } from "./canonical-json.ts";
export { type CheckedIn, checkIn } from "./check-in.ts";
export { checkOut } from "./check-out.ts";
export { type Claim, claimOf } from "./claim.ts";
export type { Contract, DataOf, InputOf } from "./contract.ts";
export { contractKey } from "./contract-key.ts";
export { dataHash } from "./data-hash.ts";
export { versionOf } from "./dataschema.ts";
export { decodeMessage } from "./decode-message.ts";
export { defineEvent, type EventDefinition } from "./define-event.ts";
export { emittedId } from "./emitted-id.ts";
export type {
  AnyEventOf,
  Decoded,
  Envelope,
  EventOf,
  Opened,
  Rejection,
  RejectionCode,
  WireMessage,
} from "./envelope.ts";
export { envelopeHash } from "./envelope-hash.ts";
export type { EventStamp } from "./event-stamp.ts";
export { identityOf } from "./identity.ts";
export { jsonSchemaOf } from "./json-schema-of.ts";
export { omnibusAttribute } from "./omnibus-attribute.ts";
export { openEnvelope } from "./open-envelope.ts";
export { sealEvent } from "./seal-event.ts";
export { isShadow, shadowSuffix } from "./shadow.ts";
export type { Tenant, TenantEvent, TenantKey } from "./tenant.ts";
