"""Keeps the 503s of /healthz out of the log: whoever polls a starting site would fill it with them."""

import logging


class NotHealth(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return "/healthz" not in record.getMessage()
