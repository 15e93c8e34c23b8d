"""Omnibus for Python: consumers with the same guarantees as those in TypeScript. python/README.md tells how."""

from .consume.batch_run import Handler
from .consume.consume import ConsumeOptions, LambdaHandler, consume
from .consume.context import Context
from .contract.contract import Contract, define_event
from .contract.load_contract import load_contract
from .contract.open_envelope import Event
from .errors import ContractError, InvalidEventError, LedgerError, OmnibusError, PermanentError, SettingsError

__all__ = [
    "ConsumeOptions",
    "Context",
    "Contract",
    "ContractError",
    "Event",
    "Handler",
    "InvalidEventError",
    "LambdaHandler",
    "LedgerError",
    "OmnibusError",
    "PermanentError",
    "SettingsError",
    "consume",
    "define_event",
    "load_contract",
]
