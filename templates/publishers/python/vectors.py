"""Shows that the publisher builds what the vectors say: python vectors.py FOLDER. A JSON line per case; fails if one differs."""

import hashlib
import json
import sys
from pathlib import Path

from order_publisher import SOURCE, TYPE, envelope

OURS = {"specversion": "1.0", "source": SOURCE, "type": TYPE, "dataschema": f"urn:omnibus:{TYPE}:1"}
# These are about the bytes of a text, which a publisher leaves to its JSON library.
OF_THE_TEXT = ("bad-encoding", "bad-json", "too-large")


def rebuild(case):
    """What the case's event is when this publisher builds it; None when it never builds such a one."""
    expected = case["expect"][0] if len(case["expect"]) == 1 else {"code": "bad-json"}
    if "body" not in case or expected.get("code") in OF_THE_TEXT:
        return None
    event = json.loads(case["body"])
    if not isinstance(event, dict) or any(event.get(name) != value for name, value in OURS.items()):
        return None
    if not isinstance(event.get("id"), str) or not isinstance(event.get("time"), str) or "data" not in event:
        return None
    extensions = {name: value for name, value in event.items() if name not in {*OURS, "id", "time", "data"}}
    return event, envelope(event["id"], event["time"], event["data"], **extensions), expected


def problem_of(event, body, expected):
    built = json.loads(body)
    if built != event:
        return f"{body} is another event"
    if not expected.get("ok"):
        return None  # that it is refused, and why, is for consumers to say
    correlation = built.get("correlationid")
    said = {
        **{name: built[name] for name in ("id", "source", "type")},
        "correlationid": built["id"] if correlation is None else correlation,
        "dataHash": hashlib.sha256(canonical(built["data"]).encode()).hexdigest(),
    }
    return next((f"{name} is {value}, not {expected[name]}" for name, value in said.items() if value != expected[name]), None)


def canonical(value):
    """RFC 8785, as far as orders need it: whole numbers, and keys of ASCII."""
    return json.dumps(whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def whole(value):
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def deduplication_id(source, event_id):
    """For ordered topics: the MessageDeduplicationId, beside a MessageGroupId, the event's `partitionkey`."""
    return hashlib.sha256(f"{source}\n{event_id}\n".encode()).hexdigest()


def run(folder):
    for case in json.loads((folder / "envelopes.json").read_text("utf-8"))["cases"]:
        if rebuilt := rebuild(case):
            yield {"case": case["name"], "body": rebuilt[1], "problem": problem_of(*rebuilt)}
    for case in json.loads((folder / "deduplication-id.json").read_text("utf-8"))["cases"]:
        made = deduplication_id(case["source"], case["id"])
        problem = None if made == case["deduplicationId"] else f"the deduplication id is {made}"
        yield {"case": f"deduplication of {case['id']}", "problem": problem}


if __name__ == "__main__":
    results = list(run(Path(sys.argv[1])))
    for result in results:
        print(json.dumps(result))
    sys.exit(any(result["problem"] for result in results))
