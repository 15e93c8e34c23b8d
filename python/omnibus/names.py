"""Every physical name, computed from the bus: names are the manifest, so no registry is needed."""

from __future__ import annotations

import re

from .errors import SettingsError

_bus = re.compile(r"[a-z][a-z0-9]{0,19}")
_topic = re.compile(r"[a-z][a-z0-9-]{0,49}(?:\.fifo)?")
_consumer = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")


def is_fifo(name: str) -> bool:
    """Whether a topic or queue name is that of an ordered one: AWS's own suffix says so."""
    return name.endswith(".fifo")


def is_topic_name(topic: object) -> bool:
    """Whether a contract may name this topic: kebab-case, `.fifo` at the end for an ordered one."""
    return isinstance(topic, str) and _topic.fullmatch(topic) is not None


def ledger_table(bus: str) -> str:
    """`{bus}-ledger`: what each consumer has claimed and done."""
    return f"{_checked(_bus, bus, 'bus')}-ledger"


def dead_letter_queue(bus: str, consumer: str, fifo: bool) -> str:
    """`{bus}-{consumer}-dead`: what was received and could not be handled."""
    name = f"{_checked(_bus, bus, 'bus')}-{_checked(_consumer, consumer, 'consumer')}-dead"
    return f"{name}.fifo" if fifo else name


def topic_arn(bus: str, topic: str, *, account: str, region: str) -> str:
    """The ARN of a topic, from its names alone."""
    name = f"{_checked(_bus, bus, 'bus')}-{_checked(_topic, topic, 'topic')}"
    return f"arn:{_partition(region)}:sns:{region}:{account}:{name}"


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _checked(pattern: re.Pattern[str], name: str, what: str) -> str:
    if pattern.fullmatch(name):
        return name
    raise SettingsError(f"{what}-name", f"{what} name {name!r} is not allowed: it must match {pattern.pattern}")
