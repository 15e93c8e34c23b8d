"""Handlers that would count as handled without having run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..errors import SettingsError

_HELP = "handlers are plain functions, each in a thread of its own: call asyncio.run(…) inside"


def refuse_unrun_handler(handler: Callable[..., Any]) -> None:
    """Raises `SettingsError` for `async def` and for a generator: calling them runs nothing of what they say."""
    called = handler if inspect.isroutine(handler) else getattr(handler, "__call__", handler)
    for function in (handler, called):
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            raise SettingsError("handler-async", f"the handler {_name(handler)} is async def, and would not be run; {_HELP}")
        if inspect.isgeneratorfunction(function):
            raise SettingsError("handler-generator", f"the handler {_name(handler)} has a yield, and would not be run: take it out")


def refuse_unrun_result(result: object) -> None:
    """The same for what only its answer shows, as in `lambda event, ctx: work(event)` with an `async def work`."""
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise SettingsError("handler-async", f"the handler returned something to await, which was not run; {_HELP}")
    if inspect.isgenerator(result) or inspect.isasyncgen(result):
        raise SettingsError("handler-generator", "the handler returned a generator, which was not run: go through it inside")


def _name(handler: Callable[..., Any]) -> str:
    return getattr(handler, "__name__", type(handler).__name__)
