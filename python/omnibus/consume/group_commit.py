"""Gathers writes that come one by one, and makes them together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_MAX_WAIT_S = 0.05


class GroupCommit(Generic[Item, Result]):
    """A group is written when 10 items wait, when the first of it has waited 50 ms, or on `flush`.

    `write` answers one result per item, in order; when it raises, each item's result is `failed(error)`. It runs on a
    thread of its own, so that the next handler need not wait for it; so do the callbacks.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Result]],
        failed: Callable[[Exception], Result],
        *,
        max_items: int = 10,
    ) -> None:
        self._write = write
        self._failed = failed
        self._max_items = max_items
        self._changed = threading.Condition()
        self._waiting: list[tuple[Item, Callable[[Result], None]]] = []
        self._busy = False
        self._flushes = 0
        self._closed = False
        self._thread: threading.Thread | None = None

    def add(self, item: Item, done: Callable[[Result], None]) -> None:
        """`done` is called with the item's own result once its group is written."""
        with self._changed:
            self._waiting.append((item, done))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self) -> None:
        """Writes what waits now; returns when that, and all callbacks, are over."""
        with self._changed:
            self._flushes += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._busy)
            self._flushes -= 1

    def close(self) -> None:
        """Ends its thread: between two invocations nothing of ours may run."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                self._changed.wait_for(self._is_due, timeout=_MAX_WAIT_S)
                group, self._waiting = self._waiting, []
                self._busy = True
            try:
                results = self._write([item for item, _ in group])
            except Exception as error:
                results = [self._failed(error) for _ in group]
            for (_, done), result in zip(group, results):
                done(result)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _is_due(self) -> bool:
        return len(self._waiting) >= self._max_items or self._flushes > 0 or self._closed
