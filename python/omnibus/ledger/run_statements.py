"""The one call that the ledger makes: BatchExecuteStatement."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ..aws_client import aws_client
from ..errors import LedgerError, describe_error
from ..limits import BATCH_STATEMENTS
from .statements import Statement

Response = dict[str, Any]
RunStatements = Callable[[Sequence[Statement]], "list[Response]"]
"""One response per statement, in order. Raises `LedgerError` when the call as a whole failed."""


def boto_statements(table: str) -> RunStatements:
    """Through boto3, at most 25 at a time; the client is made on first use."""
    lock = threading.Lock()
    made: list[Any] = []

    def run(statements: Sequence[Statement]) -> list[Response]:
        try:
            with lock:
                if not made:
                    made.append(aws_client("dynamodb", attempts=3))
            responses: list[Response] = []
            for at in range(0, len(statements), BATCH_STATEMENTS):
                some = list(statements[at : at + BATCH_STATEMENTS])
                responses += made[0].batch_execute_statement(Statements=some)["Responses"]
            return responses
        except Exception as error:
            cause = describe_error(error)
            raise LedgerError(
                f"the ledger {table} did not answer ({cause.name}: {cause.message}); nothing is run without it"
            ) from error

    return run
