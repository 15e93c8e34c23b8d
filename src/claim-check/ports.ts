import type { ObjectStore } from "../segments/index.ts";

/** Where claims lie: a bucket, or what does for one. `ObjectStore` has the contract of both. */
export type ClaimStore = Pick<ObjectStore, "put" | "get">;
