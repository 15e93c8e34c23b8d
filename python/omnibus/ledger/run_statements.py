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
"""One response per statement, in order. Raises `LedgerError` when nothing was answered at all."""

_unanswered: Response = {"Error": {"Code": "InternalServerError", "Message": "no answer"}}


def boto_statements(table: str) -> RunStatements:
    """Through boto3, at most 25 at a time; the client is made on first use."""
    lock = threading.Lock()
    made: list[Any] = []

    def run(statements: Sequence[Statement]) -> list[Response]:
        responses: list[Response] = []
        failure: Exception | None = None
        answered = False
        for at in range(0, len(statements), BATCH_STATEMENTS):
            some = list(statements[at : at + BATCH_STATEMENTS])
            try:
                with lock:
                    if not made:
                        made.append(aws_client("dynamodb", attempts=3))
                responses += made[0].batch_execute_statement(Statements=some)["Responses"]
                answered = True
            except Exception as error:
                # One chunk's failure must not hide what the others have written.
                failure = error
                responses += [_unanswered for _ in some]
        if failure is None or answered:
            return responses
        cause = describe_error(failure)
        raise LedgerError(
            f"the ledger {table} did not answer ({cause.name}: {cause.message}); nothing is run without it"
        ) from failure

    return run


def run_on(run: RunStatements, statements: Sequence[Statement]) -> list[Response]:
    """For what follows a write: its failure must not hide what the write has done."""
    try:
        return run(statements)
    except LedgerError:
        return [_unanswered for _ in statements]
