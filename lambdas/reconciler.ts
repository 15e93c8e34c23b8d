import { deliveryReconciler } from "../src/reconcile/index.ts";

/** Finds out whether every archived event reached every consumer whose filter matched it. */
export const handler = deliveryReconciler();
