"""Lines that the log can do without."""

import logging


class NotHealth(logging.Filter):
    """Drops the 503s of /healthz: whoever polls a starting site would fill the log with them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "/healthz" not in record.getMessage()


class NotAnOrderlyStop(logging.Filter):
    """Drops Celery's warning that it gives running tasks their time before it stops: that is what we ask of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Initiating Soft Shutdown")
