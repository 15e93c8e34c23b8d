"""The event on the wire: docs/wire-format.md has it in words."""
