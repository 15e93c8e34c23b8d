"""What every AWS client is made with. The endpoint and region come from the environment, as boto3 reads them."""

from __future__ import annotations

import threading
from typing import Any

_lock = threading.Lock()


def aws_client(service: str, *, attempts: int) -> Any:
    """A boto3 client with timeouts: a call that hangs must end, so that it can be tried again. `attempts` counts all tries."""
    # Loaded on first use: a cold start that fails on its settings says so at once.
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=2,
        read_timeout=10,
        max_pool_connections=16,
        retries={"mode": "standard", "total_max_attempts": attempts},
        user_agent_extra="omnibus",
        # What we send has a fixed form; looking it over takes a tenth of a batch.
        parameter_validation=False,
    )
    with _lock:  # Making clients of the default session side by side is not safe; using them is.
        return boto3.client(service, config=config)
