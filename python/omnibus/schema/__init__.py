"""The JSON Schema of a contract's data, in the subset that docs/python.md lists."""

from .compile_schema import Check, compile_schema
from .problem import Problem

__all__ = ["Check", "Problem", "compile_schema"]
