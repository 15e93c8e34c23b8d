"""One log line per outcome, without the event's data, and one line of metrics for the batch."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.rfc3339 import instant_ms
from ..telemetry.emit_metrics import metric_lines
from ..telemetry.log_line import LogValue, log_line
from .batch_run import BatchRun
from .delivery import Delivery
from .outcome import Outcome

_levels = {"handled": "info", "duplicate": "info", "retry": "warn", "dead": "error"}


def report(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """All in one write, since each write to standard output is a system call."""
    now_ms = run.clock.now_ms()
    known = [(delivery, delivery.outcome) for delivery in deliveries if delivery.outcome]
    lines = [log_line(_levels[outcome.kind], _fields(one, outcome, run), now_ms) for one, outcome in known]
    kinds = [outcome.kind for _, outcome in known]
    values: dict[str, float | Sequence[float]] = {
        "Handled": kinds.count("handled"),
        "Duplicate": kinds.count("duplicate"),
        "Retried": kinds.count("retry"),
        "DeadLettered": kinds.count("dead"),
        "CriticalTimeMs": [_since_ms(one, now_ms) for one, outcome in known if outcome.kind == "handled"],
        "HandlerMs": [one.handler_ms for one, _ in known if one.started],
    }
    dimensions = {"Bus": run.settings.bus, "Consumer": run.settings.consumer}
    run.parts.sink("\n".join(lines + metric_lines(dimensions, values, now_ms)))


def log_unfinished(deliveries: Sequence[Delivery], run: BatchRun) -> None:
    """Says which handlers did not stop in time, before the process is ended under them."""
    message = "the handler did not stop when ctx.aborted was set; the process ends, the event comes again"
    for delivery in deliveries:
        if not delivery.readable:
            continue
        event = delivery.readable.event
        about: dict[str, LogValue] = {"id": event.id, "source": event.source, "type": event.type, "attempt": delivery.attempt}
        fields: dict[str, LogValue] = {"message": message, "consumer": run.settings.consumer, **about}
        run.parts.sink(log_line("error", fields, run.clock.now_ms()))


def _since_ms(delivery: Delivery, now_ms: int) -> float:
    """A publisher's clock may be ahead of ours: nothing takes less than no time."""
    happened_ms = instant_ms(delivery.readable.event.time) if delivery.readable else None
    return float("nan") if happened_ms is None else max(0, round(now_ms - happened_ms))


def _fields(delivery: Delivery, outcome: Outcome, run: BatchRun) -> dict[str, LogValue]:
    fields: dict[str, LogValue] = {"consumer": run.settings.consumer, "outcome": outcome.kind}
    if delivery.readable:
        event = delivery.readable.event
        fields.update(id=event.id, source=event.source, type=event.type)
    else:
        fields["messageId"] = delivery.record["messageId"]
    fields["attempt"] = delivery.attempt
    if outcome.reason:
        fields["reason"] = outcome.reason
    if outcome.error:
        fields.update(error=outcome.error.name, message=outcome.error.message)
    if outcome.kind == "retry":
        fields["delayMs"] = round(outcome.delay_ms)
    return fields
