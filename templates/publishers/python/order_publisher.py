"""Publishes orders as events, with plain boto3. Copy it; docs/wire-format.md has the rules."""

import json
import random
import time
from datetime import datetime, timezone

SOURCE = "/shop/web"  # the same in all deployments: source and id together are the event's identity
TYPE = "order.created"
ATTRIBUTES = {"type": {"DataType": "String", "StringValue": TYPE}}  # what consumers are subscribed by
BATCH = 10  # the most that PublishBatch takes; together 256 KiB, which orders never reach
TRIES = 6


class NotPublished(Exception):
    """SNS has not taken all. Publish them all again: the ids stay the same, so nothing is handled twice."""


def envelope(event_id, happened, data, **extensions):
    """One event as text. Keep the text until SNS has taken it: a retry sends the same bytes."""
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": TYPE,
        "time": happened,
        "dataschema": f"urn:omnibus:{TYPE}:1",
        **extensions,
        "data": data,
    }
    # It escapes all beyond ASCII, U+FFFD too: unescaped, that stands for a lost character, and consumers refuse it.
    return json.dumps(event, allow_nan=False)


def publish(sns, topic, orders):
    """Publishes each order once, as far as anyone can tell. Raises NotPublished."""
    now = datetime.now(timezone.utc).isoformat()
    # An id of your own is the best one: a publisher that died may start again from the beginning.
    bodies = [envelope(order["orderId"], now, order) for order in orders]
    for start in range(0, len(bodies), BATCH):
        send(sns, topic, bodies[start : start + BATCH])


def send(sns, topic, bodies):
    """Sends one batch, and again what failed of it: inside a 200, entries fail one by one."""
    for attempt in range(TRIES):
        entries = [{"Id": str(at), "Message": body, "MessageAttributes": ATTRIBUTES} for at, body in enumerate(bodies)]
        failed = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries).get("Failed", [])
        if not failed:
            return
        if any(each["SenderFault"] for each in failed):
            break  # the same bytes will be refused again
        bodies = [bodies[int(each["Id"])] for each in failed]
        time.sleep(random.random() * 0.1 * 2**attempt)
    raise NotPublished(f"{len(failed)} events: {failed[0]['Code']} {failed[0].get('Message', '')}")
