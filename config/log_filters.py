"""Keeps the 503s of /healthz out of the log: whoever polls a starting site would fill it with them."""

import logging


class NotHealth(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return "/healthz" not in record.getMessage()


class NotAnOrderlyStop(logging.Filter):
    """Drops Celery's warning that it gives running tasks their time before it stops: that is what we ask of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Initiating Soft Shutdown")
