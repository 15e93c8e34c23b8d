import { test } from "node:test";
import { runPythonTest } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created.ts";

// Python's own test runner, with the contracts as they are now. OMNIBUS_PYTHON names another interpreter than python3.
test("LockStock passes its tests in Python", () =>
  runPythonTest({
    file: "test/test_lock_stock.py",
    handlers: "lambdas/lock_stock",
    contracts: [orderCreated],
  }));
