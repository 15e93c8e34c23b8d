"""One SQS batch: decode → validate → claim → handle → complete → answer. One file per step."""
