"""Every error that Omnibus raises. `code` is stable and may be matched on."""

from __future__ import annotations

from dataclasses import dataclass


class OmnibusError(Exception):
    """What all have in common: a stable code, and a message that says what was wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ContractError(OmnibusError):
    """A contract that cannot be: a bad name, a schema with a keyword outside the subset."""


class InvalidEventError(OmnibusError):
    """An event that may not be sent as it is. Nothing was sent."""


class SettingsError(OmnibusError):
    """A setting or a name that cannot be."""


class LedgerError(OmnibusError):
    """The ledger could not be reached or did not answer: the handler is not run."""

    def __init__(self, message: str) -> None:
        super().__init__("ledger-unavailable", message)


class PermanentError(OmnibusError):
    """Raised by a handler: this event can never be handled. It becomes a dead letter at once."""

    def __init__(self, message: str) -> None:
        super().__init__("permanent", message)


@dataclass(frozen=True)
class Cause:
    """An error as logs and dead letters show it."""

    name: str
    message: str


def describe_error(thrown: BaseException) -> Cause:
    """The name and message of anything that was raised; never raises itself."""
    try:
        return Cause(type(thrown).__name__, str(thrown))
    except Exception:
        return Cause(type(thrown).__name__, "an error that cannot be shown")
