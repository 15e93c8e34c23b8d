export type { SealedNow } from "./seal-kind.ts";
export { type SealerHandler, type SealerParts, sealer } from "./sealer.ts";
