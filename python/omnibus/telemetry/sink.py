"""Where a function's logs and metrics go."""

from __future__ import annotations

import sys
from collections.abc import Callable

Sink = Callable[[str], None]
"""Takes whole lines, one or several joined by line feeds, without the last line feed."""


def standard_output(lines: str) -> None:
    """CloudWatch reads both from standard output. One write, so that lines of threads do not mix."""
    sys.stdout.write(f"{lines}\n")
    sys.stdout.flush()
