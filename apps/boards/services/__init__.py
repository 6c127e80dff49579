from apps.boards.services.filters import remove_filter, save_filter
from apps.boards.services.gathering import add, change, create, delete, remove, shortlist, write_note
from apps.boards.services.sending import link_to, received_by
from apps.boards.services.sharing import link_of, record_opening, revoke, share, take_over

__all__ = [
    "add", "change", "create", "delete", "link_of", "link_to", "received_by", "record_opening", "remove",
    "remove_filter", "revoke", "save_filter", "share", "shortlist", "take_over", "write_note",
]  # fmt: skip
