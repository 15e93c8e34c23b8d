/** What `sqliteDatabase` registers and statements for SQLite call. */
export const hashFunction = "omnibus_hash";
export const wordFunction = "omnibus_word";
