"""What tests of handlers stand on: the real pipeline, on a ledger, queues and topics in memory. Never used when deployed."""

from .memory_bus import MemoryBus
from .memory_ledger import MemoryLedger

__all__ = ["MemoryBus", "MemoryLedger"]
