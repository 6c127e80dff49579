"""Writing, deleting and reading messages; looking at what was attached; telling of what nobody has read."""

from apps.conversations.services.attaching import look_at
from apps.conversations.services.digest import tell_due
from apps.conversations.services.reading import mark_read
from apps.conversations.services.writing import Upload, delete_message, write

__all__ = ["Upload", "delete_message", "look_at", "mark_read", "tell_due", "write"]
