"""Topics of SNS, through boto3."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from ..aws_client import aws_client
from ..backoff import backoff_ms
from ..clock import Clock, system_clock
from ..contract.wire_message import WireMessage
from ..errors import Cause, describe_error
from ..names import topic_arn
from ..settings import Settings
from ..telemetry.emit_metrics import metric_lines
from ..telemetry.sink import Sink, standard_output
from .batches import attribute_text, batches_of, ordered_group

_TRIES = 3
_overtaking = Cause("earlier-failed", "an earlier event of the same partition key could not be published")


class SnsTopics:
    """Batches by topic; what failed is sent again a few times, with the same bytes. On ordered topics nothing
    overtakes: when a message was given up, its group's followers are not sent."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = system_clock,
        sink: Sink = standard_output,
        client: Callable[[], Any] = lambda: aws_client("sns", attempts=1),
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sink = sink
        self._make = client
        self._client: Any = None
        self._lock = threading.Lock()

    def publish(self, messages: Sequence[WireMessage]) -> list[Cause | None]:
        results: list[Cause | None] = [None] * len(messages)
        stopped: set[tuple[str, str]] = set()
        for batch in batches_of(messages):
            open_at = []
            for at in batch:
                if _group(messages[at]) in stopped:
                    results[at] = _overtaking
                else:
                    open_at.append(at)
            failed = self._send(messages, open_at)
            for at, cause in failed.items():
                results[at] = cause
                group = _group(messages[at])
                if group:
                    stopped.add(group)
        self._count(messages, results)
        return results

    def _send(self, messages: Sequence[WireMessage], open_at: list[int]) -> dict[int, Cause]:
        """One batch, and again what of it failed; what is left at the end, with its reasons."""
        failed: dict[int, Cause] = {}
        for attempt in range(1, _TRIES + 1):
            if not open_at:
                break
            failed = self._call(messages, open_at)
            open_at = sorted(failed)
            if open_at and attempt < _TRIES:
                self._clock.sleep_ms(backoff_ms(self._clock, attempt, 100, 5_000))
        return failed

    def _call(self, messages: Sequence[WireMessage], open_at: Sequence[int]) -> dict[int, Cause]:
        try:
            with self._lock:
                self._client = self._client or self._make()
            place = {"account": self._settings.account, "region": self._settings.region}
            answer = self._client.publish_batch(
                TopicArn=topic_arn(self._settings.bus, messages[open_at[0]].topic, **place),
                PublishBatchRequestEntries=[_entry(messages[at], at) for at in open_at],
            )
        except Exception as error:
            return dict.fromkeys(open_at, describe_error(error))
        taken = {int(one["Id"]) for one in answer.get("Successful", [])}
        why = {int(one["Id"]): one for one in answer.get("Failed", [])}
        return {at: _cause(why.get(at)) for at in open_at if at not in taken}

    def _count(self, messages: Sequence[WireMessage], results: Sequence[Cause | None]) -> None:
        """One metrics line per topic, as every publisher of Omnibus writes it."""
        lines: list[str] = []
        for topic in dict.fromkeys(message.topic for message in messages):
            causes = [cause for message, cause in zip(messages, results) if message.topic == topic]
            failed = sum(cause is not None for cause in causes)
            values = {"Published": len(causes) - failed, **({"PublishFailed": failed} if failed else {})}
            dimensions = {"Bus": self._settings.bus, "Topic": topic}
            lines += metric_lines(dimensions, values, self._clock.now_ms())
        if lines:
            self._sink("\n".join(lines))


def _group(message: WireMessage) -> tuple[str, str] | None:
    group = ordered_group(message)
    return None if group is None else (message.topic, group)


def _entry(message: WireMessage, at: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "Id": str(at),
        "Message": message.body,
        "MessageAttributes": {
            name: {
                "DataType": "String" if isinstance(value, str) else "Number",
                "StringValue": attribute_text(value),
            }
            for name, value in message.attributes.items()
        },
    }
    if message.group_id is not None:
        entry["MessageGroupId"] = message.group_id
    if message.deduplication_id is not None:
        entry["MessageDeduplicationId"] = message.deduplication_id
    return entry


def _cause(failure: dict[str, Any] | None) -> Cause:
    if failure is None:
        return Cause("no-answer", "SNS named the entry neither as successful nor as failed")
    code = failure.get("Code", "Unknown")
    return Cause(code, failure.get("Message", code))
