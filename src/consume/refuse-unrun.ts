import { SettingsError } from "../errors.ts";

/** A word for what it is, the same in every realm and after every bundler. */
const kindOf = (value: unknown) => Object.prototype.toString.call(value);

/** Throws `SettingsError` for a generator: calling it runs nothing of what it says, and its event would count as handled. */
export function refuseUnrunHandler(handler: { readonly name: string }): void {
  if (!/Generator/.test(kindOf(handler))) return;
  throw new SettingsError(
    "handler-generator",
    `the handler ${handler.name || "given"} is a generator (function*), and would not be run: make it a plain or an async function`,
  );
}

/** The same for what only its answer shows, as in `(event) => steps(event)` with a `function* steps`. */
export function refuseUnrunResult(result: unknown): void {
  if (!/Generator/.test(kindOf(result))) return;
  throw new SettingsError(
    "handler-generator",
    "the handler returned a generator, which was not run: go through it inside",
  );
}
