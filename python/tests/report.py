"""Runs all tests and tells about each in a JSON line, for whoever reports them elsewhere."""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path


class JsonLines(unittest.TestResult):
    """One line per test: its name, and what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._problems: list[str] = []

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._problems = []

    def addError(self, test: unittest.TestCase, err: object) -> None:
        super().addError(test, err)  # type: ignore[arg-type]
        self._problems.append(self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: object) -> None:
        super().addFailure(test, err)  # type: ignore[arg-type]
        self._problems.append(self.failures[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: object) -> None:
        super().addSubTest(test, subtest, err)  # type: ignore[arg-type]
        if err is not None:
            self._problems.append(f"{subtest}\n{(self.failures + self.errors)[-1][1]}")

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        print(json.dumps({"test": test.id(), "problems": self._problems}), flush=True)


if __name__ == "__main__":
    root = Path(__file__).parents[1]
    sys.path.insert(0, str(root))
    suite = unittest.defaultTestLoader.discover(str(root / "tests"), top_level_dir=str(root))
    outcome = JsonLines()
    suite.run(outcome)
    # What could not be loaded is an error without a test of its own.
    for loading in unittest.defaultTestLoader.errors:
        print(json.dumps({"test": "loading", "problems": [loading]}), flush=True)
    sys.exit(0 if outcome.wasSuccessful() else 1)
