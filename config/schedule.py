"""What beat sends when: each app says it in its own `schedule.py`, as plain data named BEAT_SCHEDULE."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def collected(apps: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The entries of all `apps` (dotted module names); two apps may not give an entry the same name.

    What comes again after so many seconds lapses by then: sweeps do not pile up while the worker is away.
    """
    entries: dict[str, dict[str, Any]] = {}
    for app in apps:
        if not app.startswith("apps.") or find_spec(f"{app}.schedule") is None:
            continue
        for name, entry in import_module(f"{app}.schedule").BEAT_SCHEDULE.items():
            if name in entries:
                raise ValueError(f"two apps schedule {name!r}")
            options = dict(entry.get("options", {}))
            if isinstance(entry["schedule"], int | float):
                options.setdefault("expires", entry["schedule"])
            entries[name] = {**entry, "options": options}
    return entries
