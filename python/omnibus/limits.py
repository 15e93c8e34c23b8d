"""Numbers that AWS fixes, and those that Omnibus sets for events. Bytes, counts and UTF-16 code units."""

MAX_MESSAGE_BYTES = 1024 * 1024
"""The largest message, and the largest batch, that a queue takes. (quotas-messages)"""
SNS_BATCH_BYTES = 256 * 1024
"""A whole PublishBatch. (large-message-payloads)"""
BATCH_ENTRIES = 10
"""Entries of one batch call to SNS or SQS."""
BATCH_STATEMENTS = 25
"""Statements in one BatchExecuteStatement. (API_BatchExecuteStatement)"""
# Twelve hours from the receive, less the longest run of an invocation.
MAX_VISIBILITY_SECONDS = 12 * 3600 - 900
MAX_EMITTED_BYTES = 400 * 1024 - 16 * 1024
"""Emitted events are kept in the ledger's item until they are sent: what it may hold, less room for the rest."""
MAX_FILTERABLE = 8
"""Raw delivery carries 10 attributes; `type` and `omnibus` are two of them. (sns-message-attributes)"""

MAX_DEPTH = 32
MAX_KEYS = 2_000
MAX_BATCH_EVENTS = 1_000
MAX_TYPE = 128
MAX_ID = 256
MAX_SOURCE = 1_024
MAX_SUBJECT = 1_024
MAX_EXTENSION = 256
MAX_REF = 2_048
MAX_HOP = 255

FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})
"""Keys that reach into an object's prototype where JavaScript copies them without care."""
