"""pyHanko runs an event loop inside its plain functions; a thread can have only one, so each call gets a thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def apart(work: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What `work` returns or raises."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(work, *args, **named).result()
