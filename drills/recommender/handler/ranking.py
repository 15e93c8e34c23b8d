"""Whom to write to next.

Each customer gets three marks, 1 to 5, by how many customers they are ahead of: in recency (who ordered last), in
frequency and in money. 5 is ahead of four fifths of all, 1 of less than one fifth; equals get equal marks.

Write to those who are cooling: their mark in recency is 2 or 3. Who has just ordered needs no letter, and who has been
away the longest seldom answers one. Among them the most valuable first: by frequency and money marks together, then by money.
"""

from bisect import bisect_left
from typing import NamedTuple


class Customer(NamedTuple):
    customer: str
    recency: str
    frequency: int
    cents: int


class Ranked(NamedTuple):
    customer: Customer
    marks: tuple[int, int, int]


COOLING = (2, 3)


def whom_to_write(customers: list[Customer]) -> list[Ranked]:
    """Those worth a letter, the first one first."""
    mark = [_marks([each[field] for each in customers]) for field in (1, 2, 3)]
    ranked = [Ranked(each, (mark[0](each.recency), mark[1](each.frequency), mark[2](each.cents))) for each in customers]
    cooling = [each for each in ranked if each.marks[0] in COOLING]
    return sorted(cooling, key=lambda each: (-each.marks[1] - each.marks[2], -each.customer.cents, each.customer.customer))


def _marks(values):
    in_order = sorted(values)
    return lambda value: 1 + 5 * bisect_left(in_order, value) // len(in_order)
