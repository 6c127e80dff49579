"""What a start, its use and its stop may not say: on the console and in any log."""

import re

from tests.stack import Stack

NOISE = re.compile(r"Traceback|WARNING|ERROR|CRITICAL|Deprecat|FATAL|PANIC|Ctrl\+C", re.IGNORECASE)
# Redis' advice to whoever runs the machine, which no setting of Redis turns off.
OF_THE_MACHINE = "WARNING Memory overcommit must be enabled"


def noise_of(site: Stack, *, since: int = 0) -> list[str]:
    """Every line of its console (from this character on) and of its logs that somebody would stumble over."""
    told = {"console": site.words()[since:]}
    told |= {path.name: path.read_text(errors="replace") for path in sorted((site.var / "log").iterdir())}
    lines = [f"{name}: {line}" for name, words in told.items() for line in words.splitlines() if NOISE.search(line)]
    return [line for line in lines if OF_THE_MACHINE not in line]
