"""`ConsumerQueues` through boto3."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Sequence
from typing import Any

from ..aws_client import aws_client
from ..limits import BATCH_ENTRIES, MAX_MESSAGE_BYTES, MAX_VISIBILITY_SECONDS
from .ports import DeadLetter


class SqsQueues:
    """The client is made on first use; queue addresses are asked for once."""

    def __init__(self, client: Callable[[], Any] = lambda: aws_client("sqs", attempts=3)) -> None:
        self._make = client
        self._client: Any = None
        self._urls: dict[str, str] = {}
        self._lock = threading.Lock()

    def delay(self, queue_arn: str, delays: dict[str, int]) -> None:
        entries = [
            {"Id": str(at), "ReceiptHandle": handle, "VisibilityTimeout": min(seconds, MAX_VISIBILITY_SECONDS)}
            for at, (handle, seconds) in enumerate(delays.items())
        ]
        for start in range(0, len(entries), BATCH_ENTRIES):
            try:
                client, url = self._queue(queue_arn)
                some = entries[start : start + BATCH_ENTRIES]
                client.change_message_visibility_batch(QueueUrl=url, Entries=some)
            except Exception:
                # They come back after the queue's own visibility timeout.
                continue

    def dead_letter(self, queue_arn: str, letters: Sequence[DeadLetter]) -> list[bool]:
        taken = [False] * len(letters)
        for chunk in _chunks(letters):
            for at in self._send(queue_arn, letters, chunk):
                taken[at] = True
        return taken

    def _send(self, queue_arn: str, letters: Sequence[DeadLetter], chunk: list[int]) -> list[int]:
        """Which of a chunk the queue took."""
        try:
            client, url = self._queue(queue_arn)
            answer = client.send_message_batch(QueueUrl=url, Entries=[_entry(letters[at], at) for at in chunk])
            return [int(one["Id"]) for one in answer.get("Successful", [])]
        except Exception as error:
            status = getattr(error, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if len(chunk) == 1 or not 400 <= status < 500:
                return []
            # One letter can spoil the call for all: alone, only that one is refused.
            return [at for one in chunk for at in self._send(queue_arn, letters, [one])]

    def _queue(self, queue_arn: str) -> tuple[Any, str]:
        with self._lock:
            self._client = self._client or self._make()
            if queue_arn not in self._urls:
                account, name = queue_arn.split(":")[4:6]
                found = self._client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)
                self._urls[queue_arn] = found["QueueUrl"]
            return self._client, self._urls[queue_arn]


def _chunks(letters: Sequence[DeadLetter]) -> list[list[int]]:
    """Positions, split into batches that SQS takes in one call: by count, and by bytes."""
    chunks: list[list[int]] = []
    total = 0
    for at, letter in enumerate(letters):
        size = _bytes_of(letter)
        if not chunks or len(chunks[-1]) == BATCH_ENTRIES or total + size > MAX_MESSAGE_BYTES:
            chunks.append([])
            total = 0
        chunks[-1].append(at)
        total += size
    return chunks


def _bytes_of(letter: DeadLetter) -> int:
    size = len(letter.body.encode("utf-8", "replace"))
    for name, value in letter.attributes.items():
        text = value.get("stringValue") or value.get("binaryValue") or ""
        size += len(f"{name}{value['dataType']}{text}".encode())
    return size


def _entry(letter: DeadLetter, at: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "Id": str(at),
        # Half of a surrogate pair has no bytes: it is sent as the replacement character.
        "MessageBody": letter.body.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        "MessageAttributes": {name: _attribute(value) for name, value in letter.attributes.items()},
    }
    if letter.group_id is not None:
        entry["MessageGroupId"] = letter.group_id
    if letter.deduplication_id is not None:
        entry["MessageDeduplicationId"] = letter.deduplication_id
    return entry


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {"DataType": value["dataType"]}
    if value.get("stringValue") is not None:
        attribute["StringValue"] = value["stringValue"]
    if value.get("binaryValue") is not None:
        attribute["BinaryValue"] = base64.b64decode(value["binaryValue"])
    return attribute
