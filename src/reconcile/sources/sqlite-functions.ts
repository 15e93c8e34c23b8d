/** The function that `sqliteDatabase` registers and statements for SQLite call. */
export const hashFunction = "omnibus_hash";
