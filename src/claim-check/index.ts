export { claimLimits } from "./claim-limits.ts";
export { claimKey, claimRef } from "./claim-place.ts";
export { type ClaimWriter, createClaimWriter } from "./claim-writer.ts";
export type { ClaimStore } from "./ports.ts";
export { type ClaimSource, readClaim } from "./read-claim.ts";
export { s3Claims } from "./s3-claims.ts";
