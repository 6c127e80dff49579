"""Where this copy of the site keeps its state: `var/`, and in it `runtime.json` with ports and secrets.

`make run` writes the file; settings read it, so that `manage.py` finds the running database and broker from any folder.
`DOUBLE_VAR` names another state folder (the tests give each run one of its own).
"""

import json
import os
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("DOUBLE_VAR", BASE_DIR / "var"))
RUNTIME_FILE = VAR_DIR / "runtime.json"


def load() -> dict[str, Any]:
    """The written runtime facts, or an empty mapping before the first start."""
    try:
        return dict(json.loads(RUNTIME_FILE.read_text()))
    except FileNotFoundError:
        return {}
