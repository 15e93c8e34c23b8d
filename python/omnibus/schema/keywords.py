"""The subset of JSON Schema (draft 2020-12) that contracts may use in Python."""

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")

COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
COMBINATIONS = ("anyOf", "oneOf", "allOf")
CHECKED = frozenset(
    {"type", "properties", "required", "additionalProperties", "propertyNames", "items", "enum", "const", "pattern"}
    | {"$ref", *COUNTS, *BOUNDS, *COMBINATIONS}
)
IGNORED = frozenset(
    {"$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples"}
    | {"deprecated", "readOnly", "writeOnly", "format"}
)
"""Annotations. `format` is one, as the standard's default has it: say what must hold with `pattern`."""
