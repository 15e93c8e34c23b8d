"""The subset of JSON Schema: what it accepts, and what it refuses to be given."""

from __future__ import annotations

import re
import unittest
from pathlib import Path
from typing import Any

from omnibus import ContractError
from omnibus.schema import compile_schema
from omnibus.schema.keywords import CHECKED, IGNORED


def first(schema: Any, value: Any) -> tuple[str | int, ...] | None:
    """Where the first problem is."""
    problem = compile_schema(schema)(value, ())
    return None if problem is None else problem.path


class Schema(unittest.TestCase):
    def test_accepts_and_refuses(self) -> None:
        person = {"$ref": "#/$defs/person"}
        tree = {"$defs": {"person": {"type": "object", "properties": {"boss": person}, "required": ["name"]}}, **person}
        cases: list[tuple[Any, Any, tuple[str | int, ...] | None]] = [
            (True, 1, None),
            (False, 1, ()),
            ({"type": "integer"}, 1.0, None),
            ({"type": "integer"}, True, ()),
            ({"type": ["string", "null"]}, None, None),
            ({"type": "number"}, 1, None),
            ({"const": 1}, 1.0, None),
            ({"const": 1}, True, ()),
            ({"enum": [{"a": [1]}]}, {"a": [1.0]}, None),
            ({"exclusiveMinimum": 1}, 1, ()),
            ({"exclusiveMaximum": 2}, 1.9, None),
            ({"minimum": 1}, "text is not looked at", None),
            ({"minLength": 2}, "😀", ()),
            ({"maxItems": 1}, [1, 2], ()),
            ({"items": {"type": "string"}}, ["a", 1], (1,)),
            ({"properties": {"a": True}, "additionalProperties": False}, {"a": 1, "b": 2}, ("b",)),
            ({"additionalProperties": {"type": "string"}}, {"a": "x", "b": 2}, ("b",)),
            ({"propertyNames": {"pattern": "^[a-z]+$"}}, {"a": 1, "B": 2}, ("B",)),
            ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, ()),
            ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 3, ()),
            ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 1, None),
            ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 3, ()),
            ({"pattern": "^a$"}, "a\n", ()),
            ({"pattern": r"\d"}, "٣", ()),
            ({"pattern": "[$]"}, "1 $", None),
            (tree, {"name": "a", "boss": {"name": "b", "boss": {}}}, ("boss", "boss", "name")),
        ]
        for schema, value, expected in cases:
            with self.subTest(schema=schema, value=value):
                self.assertEqual(first(schema, value), expected)

    def test_is_the_subset_that_the_page_lists(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "python.md").read_text("utf-8").split("## Schemas")[1]
        rows = [line.split("|")[2] for line in page.splitlines() if line.startswith("| ")]
        listed = set(re.findall(r"`(\$?[A-Za-z]+)`", " ".join(rows)))
        self.assertEqual(listed - {"true", "false"}, CHECKED | IGNORED)

    def test_reads_patterns_as_javascript_does(self) -> None:
        cases: list[tuple[str, str, bool]] = [
            (r"^\s$", "\u00a0", True),
            (r"^\S$", "\ufeff", False),
            (r"^[\s.]+$", "\u2003.", True),
            (r"^.$", "\u2028", False),
            (r"^.$", "\r", False),
            (r"^[.]$", ".", True),
            (r"^\.$", "x", False),
            (r"\w", "é", False),
            ("a$", "a\n", False),
        ]
        for pattern, text, fits in cases:
            with self.subTest(pattern=pattern, text=text):
                self.assertEqual(first({"pattern": pattern}, text) is None, fits)

    def test_refuses_what_it_would_not_keep(self) -> None:
        for schema in [
            {"minProperties": 1},
            {"properties": {"a": {"uniqueItems": True}}},
            {"type": "text"},
            {"type": []},
            {"pattern": "("},
            {"pattern": r"\p{L}"},
            {"pattern": "(?<year>a)"},
            {"pattern": "a++"},
            {"$ref": "https://example.com/schema"},
            {"$ref": "#/$defs/missing"},
            {"$defs": {"unused": {"not": True}}},
            {"anyOf": []},
            {"minimum": "1"},
            {"maxLength": -1},
            {"items": [{"type": "string"}]},
            "string",
        ]:
            with self.subTest(schema=schema), self.assertRaises(ContractError):
                compile_schema(schema)
