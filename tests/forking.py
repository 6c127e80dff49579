"""Database connections and forked processes do not mix: a child that speaks on its parent's socket breaks both."""

from django.db import connections


def open_own_connections() -> None:
    """Called first in a child: forget what was inherited, unclosed (psycopg never closes for another process)."""
    for alias in connections:
        if hasattr(connections._connections, alias):
            del connections[alias]
