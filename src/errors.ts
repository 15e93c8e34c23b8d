/**
 * Every error that Omnibus throws. `code` is stable and may be matched on; `retryable` says whether the same
 * call can succeed later without a change. `cause` is always kept.
 *
 * Messages say what was wrong, the value, what is allowed, and what to do.
 */
export class OmnibusError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** A contract that cannot be: a bad name, a version that is no positive integer, a field that is not there. */
export class ContractError extends OmnibusError {}

/** An event that may not be sent as it is: invalid data, too large, too many attributes. Nothing was sent. */
export class InvalidEventError extends OmnibusError {}

/** One event that was not published, and why. `retryable` says whether the same event may be sent again. */
export interface PublishFailure {
  readonly id: string;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * Some events were not published. `failed` names them; every other event of the call was taken, `published` of
 * them in all. `retryable` is true when each of them may be sent again as it is.
 */
export class PublishError extends OmnibusError {
  readonly failed: readonly PublishFailure[];
  readonly published: number;

  constructor(
    code: string,
    message: string,
    options: { failed: readonly PublishFailure[]; published: number; cause?: unknown },
  ) {
    const retryable = options.failed.length > 0 && options.failed.every((failure) => failure.retryable);
    super(code, message, { retryable, cause: options.cause });
    this.failed = options.failed;
    this.published = options.published;
  }
}

/** A setting or a name that cannot be. */
export class SettingsError extends OmnibusError {}

/** The ledger could not be reached or did not answer: the handler is not run. */
export class LedgerError extends OmnibusError {
  constructor(message: string, cause?: unknown) {
    super("ledger-unavailable", message, { retryable: true, cause });
  }
}

/** An object of the archive or the journal that is not what it must be; the message names it. */
export class SegmentError extends OmnibusError {}

/** No slot could be had: the limits did not answer, or this process's clock is not one to keep a rate by. */
export class LimitError extends OmnibusError {}

/** What holds a consumer could not be read or written. */
export class HoldError extends OmnibusError {}

/** The table of parked groups did not answer: nothing of an ordered group is handled without it. */
export class ParkingError extends OmnibusError {}

/** An outbox did not answer: what waits in it is sent later. */
export class OutboxError extends OmnibusError {}

/**
 * What a handler in mode `transaction` may not write, or what DynamoDB did not commit: nothing of it is written, and nothing
 * of what its event emitted. `code` tells which.
 */
export class TransactionError extends OmnibusError {}

/**
 * Thrown by a handler: this event can never be handled, do not try again. It becomes a dead letter at once,
 * with this message as its reason.
 */
export class PermanentError extends OmnibusError {
  constructor(message: string, cause?: unknown) {
    super("permanent", message, { cause });
  }
}

/**
 * Thrown by a stage's `handle`: this run of the pipeline ends here, and nothing of this stage stands. What the stages before
 * have done is undone. `message` is the reason; it travels with what goes back, and is for people.
 *
 * @example
 * if (!(await reserve(event.data.lines))) throw new StageRefused("out of stock");
 */
export class StageRefused extends PermanentError {}

/** What dependencies may be called: short and plain, for the name is shown, stored and compared. */
const dependencyPattern = /^[A-Za-z][A-Za-z0-9._-]{0,59}$/;

/** The ledger is a dependency, too: the one that every consumer has. */
export const ledgerDependency = "ledger";

/** So is the bucket of claims, to a consumer of events whose data lies there. */
export const claimDependency = "claim-bucket";

/** The dependencies that are ours: no probe of a user's knows of them. */
export const ownDependencies: readonly string[] = [ledgerDependency, claimDependency];

/**
 * Thrown by a handler: the event is well, and a system that it needs is not there. It is tried again and comes no nearer
 * to death by it; when many fail so, the consumer is held until the dependency answers again (docs/outage.md).
 *
 * `dependency` names the system, the same for all events: `payments`, and not a URL with an order in it. Throws
 * `SettingsError` (`dependency-name`) for a name that cannot be, and for `ledger` and `claim-bucket`, which are ours.
 *
 * @example
 * if (response.status >= 500) throw new DependencyDown("payments", { cause: response.statusText });
 */
export class DependencyDown extends OmnibusError {
  readonly dependency: string;

  constructor(dependency: string, { cause }: { readonly cause?: unknown } = {}) {
    const why = cause === undefined ? "" : `: ${describeError(cause).message}`;
    super("dependency-down", `${dependency} is down${why}`, { retryable: true, cause });
    if (ownDependencies.includes(dependency) || !dependencyPattern.test(dependency)) {
      throw new SettingsError(
        "dependency-name",
        `a dependency cannot be called ${JSON.stringify(dependency)}: it must match ${dependencyPattern}${ownDependencies.includes(dependency) ? `, and ${JSON.stringify(dependency)} is the name of our own` : ""}; name the system, as in new DependencyDown("payments")`,
        { cause },
      );
    }
    this.dependency = dependency;
  }
}

/** The name and message of anything that was thrown, for logs and reasons; never throws itself. */
export function describeError(thrown: unknown): { name: string; message: string } {
  try {
    if (thrown instanceof Error) return { name: String(thrown.name), message: String(thrown.message) };
    return { name: typeof thrown, message: String(thrown) };
  } catch {
    return { name: typeof thrown, message: "a value that cannot be shown" };
  }
}
