"""Python agrees with every other language."""

from __future__ import annotations

import unittest

from .vectors import FOLDER, RUNNERS, failures, load


class Vectors(unittest.TestCase):
    def test_all_are_run(self) -> None:
        self.assertEqual(sorted(RUNNERS), sorted(path.stem for path in FOLDER.glob("*.json")))

    def test_all_hold(self) -> None:
        for name in RUNNERS:
            with self.subTest(name):
                self.assertEqual(failures(name, load(name)), [])

    def test_one_that_was_changed_fails(self) -> None:
        for name, (fields, _) in RUNNERS.items():
            with self.subTest(name):
                changed = load(name)
                changed["cases"][-1][fields[-1]] = ["changed"]
                self.assertEqual(len(failures(name, changed)), 1)


if __name__ == "__main__":
    unittest.main()
