"""How much of something is going on."""

from __future__ import annotations

import threading


class Pending:
    """Counts what was begun and is not over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    def begin(self) -> None:
        """One more."""
        with self._lock:
            self._count += 1

    def end(self) -> None:
        """One less."""
        with self._lock:
            self._count -= 1

    def any(self) -> bool:
        """Whether something is not over."""
        return self._count > 0
