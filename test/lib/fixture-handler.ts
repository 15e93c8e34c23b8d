/** The smallest handler there is: every event is handled. */
export const handler = async () => ({ batchItemFailures: [] });
