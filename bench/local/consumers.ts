/** Every event goes to each of them. */
export const consumers = ["Points", "Stock", "Logistics"] as const;
