"""Step 5 for one event: runs the handler, and makes an outcome of whatever it does."""

from __future__ import annotations

import threading

from ..backoff import backoff_ms
from ..errors import PermanentError, describe_error
from ..telemetry.log_line import LogValue, log_line
from .batch_run import BatchRun
from .complete import complete
from .context import Context, Log
from .delivery import Delivery, Readable
from .emitter import Emitter
from .outcome import Outcome, dead, retry
from .refuse_unrun import refuse_unrun_result


def handle_event(delivery: Delivery, readable: Readable, run: BatchRun) -> threading.Event | None:
    """The one place where users' own exceptions are met. Never raises.

    Returns when the handler has, with what is set when its completion is over, if there is one to write.
    """
    started_ms = run.clock.now_ms()
    emitter = Emitter(readable.event, run.settings, delivery.replay_id, started_ms)
    context = Context(
        effect_key=readable.ledger.key,
        attempt=delivery.attempt,
        aborted=run.deadline.aborted,
        remaining_ms=run.deadline.remaining_ms,
        emit=emitter.emit,
        log=_logger(readable, run),
    )
    delivery.started = True
    run.running.begin()
    try:
        refuse_unrun_result(run.parts.handler(readable.event, context))
        emits = emitter.sealed()
        delivery.handler_ms = run.clock.now_ms() - started_ms
        return complete(delivery, readable, emits, run)
    # Also what is no Exception: a handler's sys.exit must not end its batch mates' bookkeeping.
    except BaseException as thrown:
        emitter.sealed()
        delivery.handler_ms = run.clock.now_ms() - started_ms
        delivery.outcome = _outcome_of(thrown, delivery, run)
        return None
    finally:
        run.running.end()


def _outcome_of(thrown: BaseException, delivery: Delivery, run: BatchRun) -> Outcome:
    error = describe_error(thrown)
    settings = run.settings
    if isinstance(thrown, PermanentError):
        return dead(thrown.code, error)
    if delivery.attempt >= settings.attempts:
        return dead("attempts-exhausted", error)
    delay_ms = backoff_ms(run.clock, delivery.attempt, settings.first_delay_ms, settings.max_delay_ms)
    return retry("failed", delay_ms, error)


def _logger(readable: Readable, run: BatchRun) -> Log:
    about = {"consumer": run.settings.consumer, "type": readable.event.type, "id": readable.event.id}

    def log(message: str, **fields: LogValue) -> None:
        run.parts.sink(log_line("info", {"message": message, **about, **fields}, run.clock.now_ms()))

    return log
