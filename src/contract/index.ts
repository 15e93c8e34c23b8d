export type { Contract, DataOf, InputOf } from "./contract.ts";
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
