"""The settings of one consumer, as its stack writes them into the variable `OMNIBUS`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import SettingsError

VARIABLE = "OMNIBUS"
MODES = ("once", "record", "none")


@dataclass(frozen=True)
class Settings:
    """`schema/settings.schema.json`, version 1. Durations in milliseconds."""

    bus: str
    consumer: str
    on: tuple[str, ...]
    """What the stack subscribed: `type:version` of each contract."""
    emits: tuple[str, ...]
    """What its handler may emit: the stack granted their topics."""
    mode: str
    """`once`, `record` or `none`: how effects are kept single."""
    fifo: bool
    account: str
    region: str
    attempts: int
    """Started runs before an event is dead."""
    first_delay_ms: float
    max_delay_ms: float
    margin_ms: float
    """Nothing new starts when less than this is left of the invocation."""
    keep_ms: float
    parallel: int


_number = (int, float)
_fields: dict[str, tuple[str, tuple[type, ...]]] = {
    "bus": ("bus", (str,)),
    "consumer": ("consumer", (str,)),
    "on": ("on", (list,)),
    "emits": ("emits", (list,)),
    "mode": ("mode", (str,)),
    "fifo": ("fifo", (bool,)),
    "account": ("account", (str,)),
    "region": ("region", (str,)),
    "attempts": ("attempts", (int,)),
    "firstDelayMs": ("first_delay_ms", _number),
    "maxDelayMs": ("max_delay_ms", _number),
    "marginMs": ("margin_ms", _number),
    "keepMs": ("keep_ms", _number),
    "parallel": ("parallel", (int,)),
}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings | None:
    """The settings in this process's environment, or `None`. Raises `SettingsError` for what it cannot read."""
    line = environment.get(VARIABLE, "")
    if line == "":
        return None
    try:
        value = json.loads(line)
    except ValueError as error:
        raise SettingsError("settings-format", f"{VARIABLE} is not JSON: deploy the consumer again") from error
    if not isinstance(value, dict) or value.get("v") != 1:
        raise SettingsError(
            "settings-version",
            f"{VARIABLE} has a format that this version does not know (1 is known): deploy the consumer and its code together",
        )
    return _settings(value)


def _settings(value: dict[str, Any]) -> Settings:
    found: dict[str, Any] = {}
    for name, (field, types) in _fields.items():
        given = value.get(name)
        if not isinstance(given, types) or (isinstance(given, bool) and bool not in types):
            raise SettingsError("settings-format", f"{VARIABLE}: {name} is missing or of the wrong type")
        found[field] = tuple(given) if isinstance(given, list) else given
    if found["mode"] not in MODES:
        raise SettingsError("settings-format", f"{VARIABLE}: mode must be one of {', '.join(MODES)}")
    if value.get("limits"):
        raise SettingsError(
            "limits-differ",
            f"consumer {found['consumer']} was deployed with limits, which handlers in Python do not keep: take them out of the Consumer, or write the handler in TypeScript",
        )
    if value.get("onPoison", "skip") != "skip":
        raise SettingsError(
            "on-poison",
            f"consumer {found['consumer']} was deployed to park ordered groups (onPoison), which handlers in Python do not: leave it out, or write the handler in TypeScript",
        )
    if found["attempts"] < 1 or found["parallel"] < 1:
        raise SettingsError("settings-format", f"{VARIABLE}: attempts and parallel must be at least 1")
    return Settings(**found)
