"""Makes a check of a JSON Schema, and refuses at load what the check would not keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import ContractError
from .checks import Check, all_of, keyword_check
from .keywords import CHECKED, COMBINATIONS, IGNORED

__all__ = ["Check", "compile_schema"]


def compile_schema(schema: Any) -> Check:
    """A function that answers with the first `Problem` of some data, or `None`.

    Raises `ContractError` (`contract-schema`) for a keyword outside the subset, naming the place: a rule that is
    not checked is worse than none.
    """
    return _Compiler(schema).compile(schema, "schema")


class _Compiler:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._named: dict[str, Check] = {}

    def compile(self, schema: Any, at: str) -> Check:
        if schema is True:
            return lambda _value, _path: None
        if schema is False:
            return keyword_check("never", None, at)
        if not isinstance(schema, Mapping):
            raise _refuse(at, "a schema is an object or a boolean")
        unknown = sorted(set(schema) - CHECKED - IGNORED)
        if unknown:
            known = ", ".join(sorted(CHECKED))
            raise _refuse(f"{at}.{unknown[0]}", f"the keyword {unknown[0]} is not in the subset; allowed are {known}")
        for name in schema.get("$defs", {}):
            self._reference(f"#/$defs/{name}", at)
        return all_of([self._keyword(name, schema, at) for name in schema if name in CHECKED])

    def _keyword(self, name: str, schema: Mapping[str, Any], at: str) -> Check:
        value = schema[name]
        place = f"{at}.{name}"
        if name == "$ref":
            return self._reference(value, place)
        if name in COMBINATIONS:
            if not isinstance(value, list) or not value:
                raise _refuse(place, "must be a list of schemas")
            parts = [self.compile(part, f"{place}[{index}]") for index, part in enumerate(value)]
            return all_of(parts) if name == "allOf" else keyword_check(name, parts, place)
        if name in ("items", "propertyNames"):
            return keyword_check(name, self.compile(value, place), place)
        if name == "properties":
            if not isinstance(value, Mapping):
                raise _refuse(place, "must be an object of schemas")
            fields = {key: self.compile(field, f"{place}.{key}") for key, field in value.items()}
            return keyword_check(name, fields, place)
        if name == "additionalProperties":
            others = None if value is False else self.compile(value, place)
            return keyword_check(name, (frozenset(schema.get("properties", {})), others), place)
        return keyword_check(name, value, place)

    def _reference(self, reference: Any, at: str) -> Check:
        """Resolved when it is first followed, so that a schema may hold itself."""
        if reference not in self._named:
            target = self._target(reference, at)
            found: list[Check] = []
            self._named[reference] = lambda value, path: found[0](value, path)
            found.append(self.compile(target, str(reference)))
        return self._named[reference]

    def _target(self, reference: Any, at: str) -> Any:
        if reference == "#":
            return self._root
        head, _, name = str(reference).rpartition("/")
        definitions = self._root.get("$defs", {}) if isinstance(self._root, Mapping) else {}
        if head != "#/$defs" or name not in definitions:
            raise _refuse(at, f"{reference!r} leads nowhere: only # and #/$defs/<name> of the same schema are followed")
        return definitions[name]


def _refuse(at: str, why: str) -> ContractError:
    return ContractError("contract-schema", f"{at}: {why}")
