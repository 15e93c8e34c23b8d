"""Numbers as ECMAScript writes them, which RFC 8785 takes over."""

from __future__ import annotations

import math

from ..errors import InvalidEventError

MAX_SAFE_INTEGER = 2**53 - 1


def es_number(value: int | float) -> str:
    """The shortest text that reads back as the same double: `1e+21`, `0.000001`, `1e-7`; -0 is `0`.

    Integers beyond 2^53 become the double that JavaScript would read.
    """
    if isinstance(value, int):
        if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            return str(value)
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
    if not math.isfinite(value):
        raise InvalidEventError("not-json", f"{value} is not JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    # Python's repr has the same shortest digits; only the point and the exponent stand elsewhere.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    written = whole + fraction
    digits = written.lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(written) - len(digits))
    return sign + _place(digits.rstrip("0"), point)


def _place(digits: str, point: int) -> str:
    """Sets the decimal point `point` digits from the left. Source: ECMA-262, Number::toString."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
