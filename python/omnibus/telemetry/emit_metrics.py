"""Metrics in CloudWatch's Embedded Metric Format."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract.wire_message import json_text

UNITS = {
    "Handled": "Count",
    "Duplicate": "Count",
    "Retried": "Count",
    "DeadLettered": "Count",
    "CriticalTimeMs": "Milliseconds",
    "HandlerMs": "Milliseconds",
    "Published": "Count",
    "PublishFailed": "Count",
}
_MAX_VALUES = 100
"""CloudWatch reads at most so many values of one metric from one line. (CloudWatch_Embedded_Metric_Format_Specification)"""


def metric_lines(
    dimensions: Mapping[str, str], values: Mapping[str, float | Sequence[float]], time_ms: int
) -> list[str]:
    """JSON lines: more than 100 values of one metric run on into further ones, which repeat nothing."""
    measured: dict[str, list[float]] = {}
    for name, value in values.items():
        finite = [one for one in ([value] if isinstance(value, (int, float)) else value) if math.isfinite(one)]
        if finite:
            measured[name] = finite
    lines: list[str] = []
    for start in range(0, max((len(all_of) for all_of in measured.values()), default=0), _MAX_VALUES):
        part = {name: all_of[start : start + _MAX_VALUES] for name, all_of in measured.items() if len(all_of) > start}
        lines.append(_line(dimensions, part, time_ms))
    return lines


def _line(dimensions: Mapping[str, str], part: Mapping[str, list[float]], time_ms: int) -> str:
    metrics = [{"Name": name, "Unit": UNITS[name]} for name in part]
    directive = {"Namespace": "Omnibus", "Dimensions": [list(dimensions)], "Metrics": metrics}
    line: dict[str, Any] = {"_aws": {"Timestamp": time_ms, "CloudWatchMetrics": [directive]}, **dimensions}
    for name, few in part.items():
        line[name] = few[0] if len(few) == 1 else few
    return json_text(line)
