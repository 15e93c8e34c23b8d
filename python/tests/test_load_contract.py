"""Contracts from the function's bundle."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from omnibus import Contract, ContractError, load_contract


def given(version: int = 1, **over: Any) -> dict[str, Any]:
    """An entry as the stack writes it."""
    shape = {"type": "object", "required": ["orderId"]}
    named = {"type": "order.created", "version": version, "topic": "orders", "filterable": ["country"], "sensitive": ["name"]}
    return {**named, "schema": shape, **over}


class LoadContract(unittest.TestCase):
    def load(self, contracts: list[dict[str, Any]], *args: Any, v: int = 1, **options: Any) -> Contract:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "contracts.json")
            named = {f"{one['type']}:{one['version']}": one for one in contracts}
            file.write_text(json.dumps({"v": v, "contracts": named}), "utf-8")
            with mock.patch.dict(os.environ, {"OMNIBUS_CONTRACTS": str(file)}):
                return load_contract(*args, **options)

    def refused(self, code: str, says: str, *args: Any, **options: Any) -> None:
        with self.assertRaises(ContractError) as raised:
            self.load(*args, **options)
        self.assertEqual(raised.exception.code, code)
        self.assertIn(says, raised.exception.message)

    def test_has_all_that_the_stack_declared(self) -> None:
        contract = self.load([given()], "order.created")

        self.assertEqual((contract.key, contract.topic, contract.filterable), ("order.created:1", "orders", ("country",)))
        self.assertEqual(contract.sensitive, frozenset({"name"}))
        self.assertIsNone(contract.check({"orderId": "o-1"}, ()))
        self.assertEqual(getattr(contract.check({}, ()), "path", None), ("orderId",))

    def test_has_the_stacks_tenant_or_the_one_that_is_given(self) -> None:
        stacks = [given(tenant="customer")]

        self.assertEqual(self.load(stacks, "order.created").tenant, "customer")
        self.assertEqual(self.load(stacks, "order.created", tenant="orderId").tenant, "orderId")
        self.assertIsNone(self.load([given()], "order.created").tenant)

    def test_takes_one_of_several_versions_and_upcasts(self) -> None:
        both = [given(1), given(2)]

        contract = self.load(both, "order.created", version=2, upcast={1: lambda data: data})

        self.assertEqual((contract.key, list(contract.upcast)), ("order.created:2", [1]))
        self.refused("contract-version", "several versions of order.created (order.created:1, order.created:2)", both, "order.created")

    def test_says_what_there_is(self) -> None:
        self.refused("contract-unknown", "no contract order.paid; it has order.created:1", [given()], "order.paid")
        self.refused("contract-unknown", "no contract order.created:3", [given()], "order.created", version=3)
        self.refused("contracts-version", "(1 is known)", [given()], "order.created", v=2)

    def test_refuses_a_schema_that_it_would_not_keep(self) -> None:
        self.refused("contract-schema", "order.created: schema.not: the keyword not", [given(schema={"not": True})], "order.created")

    def test_is_what_the_page_shows(self) -> None:
        page = (Path(__file__).parents[2] / "docs" / "python.md").read_text("utf-8")
        code = page.split("```python\n")[1].split("```")[0]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "contracts.json")
            named = {f"{name}:1": given(type=name) for name in ("order.created", "score.changed")}
            file.write_text(json.dumps({"v": 1, "contracts": named}), "utf-8")
            names: dict[str, Any] = {}
            with mock.patch.dict(os.environ, {"OMNIBUS_CONTRACTS": str(file)}):
                exec(code, names)
        self.assertTrue(callable(names["handler"]))

    def test_says_where_it_looked(self) -> None:
        with self.assertRaises(ContractError) as raised:
            load_contract("order.created")
        self.assertIn("omnibus_contracts.json", raised.exception.message)


if __name__ == "__main__":
    unittest.main()
