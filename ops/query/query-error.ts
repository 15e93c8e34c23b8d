import { OmnibusError } from "../../src/errors.ts";

/**
 * A question that has no answer. `sql`: it is wrong, or asks for what is not allowed; the message is DuckDB's, with the place.
 * `query-failed`: it could not be answered here. `package-missing`: DuckDB is not installed.
 */
export class QueryError extends OmnibusError {}
