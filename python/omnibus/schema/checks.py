"""One check per keyword. Each looks only at values of the kind that its keyword is about, as JSON Schema says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..contract.canonical_json import canonical_json
from ..errors import ContractError, InvalidEventError
from .ecma_pattern import ecma_pattern
from .keywords import TYPES
from .problem import Problem

Path = tuple["str | int", ...]
Check = Callable[[Any, Path], "Problem | None"]


def all_of(checks: Sequence[Check]) -> Check:
    """The first problem that any of them finds."""
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: Path) -> Problem | None:
        for one in checks:
            problem = one(value, path)
            if problem:
                return problem
        return None

    return check


def keyword_check(name: str, argument: Any, at: str) -> Check:
    """The check of one keyword. Raises `ContractError` when its argument is not what the keyword takes."""
    try:
        return _makers[name](argument)
    except (ValueError, TypeError, InvalidEventError) as error:
        raise ContractError("contract-schema", f"{at}: {error}") from error


def kind_of(value: Any) -> str:
    """The value's type in JSON Schema's words; a number without fraction is an `integer`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) or value.is_integer() else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _simple(fits: Callable[[Any], bool], message: str) -> Check:
    return lambda value, path: None if fits(value) else Problem(path, message)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _type(argument: Any) -> Check:
    wanted = (argument,) if isinstance(argument, str) else tuple(argument)
    unknown = [name for name in wanted if name not in TYPES]
    if unknown or not wanted:
        raise ValueError(f"{unknown or 'nothing'} is no type of JSON Schema")
    accepted = set(wanted) | ({"integer"} if "number" in wanted else set())
    expected = " or ".join(wanted)

    def check(value: Any, path: Path) -> Problem | None:
        kind = kind_of(value)
        return None if kind in accepted else Problem(path, f"expected {expected}, received {kind}")

    return check


def _required(argument: Any) -> Check:
    names = [str(name) for name in argument]

    def check(value: Any, path: Path) -> Problem | None:
        missing = [name for name in names if name not in value] if isinstance(value, dict) else []
        return Problem((*path, missing[0]), "is missing") if missing else None

    return check


def _properties(fields: dict[str, Check]) -> Check:
    def check(value: Any, path: Path) -> Problem | None:
        if not isinstance(value, dict):
            return None
        for name, field in fields.items():
            problem = field(value[name], (*path, name)) if name in value else None
            if problem:
                return problem
        return None

    return check


def _additional_properties(argument: tuple[frozenset[str], Check | None]) -> Check:
    known, others = argument

    def check(value: Any, path: Path) -> Problem | None:
        if not isinstance(value, dict):
            return None
        for name in value:
            if name in known:
                continue
            if others is None:
                return Problem((*path, name), "is not allowed")
            problem = others(value[name], (*path, name))
            if problem:
                return problem
        return None

    return check


def _property_names(names: Check) -> Check:
    def check(value: Any, path: Path) -> Problem | None:
        for name in value if isinstance(value, dict) else ():
            problem = names(name, (*path, name))
            if problem:
                return problem
        return None

    return check


def _items(item: Check) -> Check:
    def check(value: Any, path: Path) -> Problem | None:
        for index, one in enumerate(value if isinstance(value, list) else ()):
            problem = item(one, (*path, index))
            if problem:
                return problem
        return None

    return check


def _any_of(parts: Sequence[Check]) -> Check:
    return lambda value, path: (
        None if any(part(value, path) is None for part in parts) else Problem(path, "fits none of anyOf")
    )


def _one_of(parts: Sequence[Check]) -> Check:
    def check(value: Any, path: Path) -> Problem | None:
        fitting = sum(part(value, path) is None for part in parts)
        return None if fitting == 1 else Problem(path, f"fits {fitting} of oneOf, not 1")

    return check


def _enum(argument: Any) -> Check:
    # Compared as JSON, where 1 is 1.0 and neither is true.
    allowed = {canonical_json(one) for one in argument}
    return _simple(lambda value: canonical_json(value) in allowed, "is none of the allowed values")


def _pattern(argument: Any) -> Check:
    search = ecma_pattern(argument).search
    return _simple(lambda value: not isinstance(value, str) or search(value) is not None, f"does not match {argument}")


def _count(kind: type[str] | type[list[Any]], fits: Callable[[int, int], bool], what: str) -> Callable[[Any], Check]:
    def make(limit: Any) -> Check:
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise ValueError("must be a count")
        return _simple(lambda value: not isinstance(value, kind) or fits(len(value), limit), f"{what} {limit}")

    return make


def _bound(fits: Callable[[Any, Any], bool], what: str) -> Callable[[Any], Check]:
    def make(limit: Any) -> Check:
        if not _is_number(limit):
            raise ValueError("must be a number")
        return _simple(lambda value: not _is_number(value) or fits(value, limit), f"{what} {limit}")

    return make


_makers: dict[str, Callable[[Any], Check]] = {
    "never": lambda _: _simple(lambda value: False, "is not allowed"),
    "type": _type,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "items": _items,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "enum": _enum,
    "const": lambda value: _enum([value]),
    "pattern": _pattern,
    "minLength": _count(str, lambda length, limit: length >= limit, "has less characters than"),
    "maxLength": _count(str, lambda length, limit: length <= limit, "has more characters than"),
    "minItems": _count(list, lambda length, limit: length >= limit, "has less items than"),
    "maxItems": _count(list, lambda length, limit: length <= limit, "has more items than"),
    "minimum": _bound(lambda value, limit: value >= limit, "is less than"),
    "maximum": _bound(lambda value, limit: value <= limit, "is more than"),
    "exclusiveMinimum": _bound(lambda value, limit: value > limit, "is not more than"),
    "exclusiveMaximum": _bound(lambda value, limit: value < limit, "is not less than"),
}
