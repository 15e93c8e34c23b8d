import { test } from "node:test";
import { runPythonTest } from "omnibus-aws/testing";
import { orderCreated } from "../contracts/order-created.ts";
import { stockLocked } from "../contracts/stock-locked.ts";

// Python's own test runner, with the contracts as they are now. OMNIBUS_PYTHON names another interpreter than python3.
test("LockStock passes its tests in Python", () =>
  runPythonTest({
    file: "test/test_lock_stock_emitting.py",
    handlers: "lambdas/lock_stock_emitting",
    contracts: [orderCreated, stockLocked],
  }));
