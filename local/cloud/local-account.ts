/** The one account of the local cloud, whatever credentials a request was signed with. */
export const localAccount = "000000000000";
