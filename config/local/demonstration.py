"""The demonstration's data and accounts, asked of the site by its own commands."""

import json
import subprocess
from pathlib import Path

from config.local import services
from config.local.supervisor import Failed, Supervisor


def is_loaded(var: Path) -> bool:
    """The file is written when all is loaded. The loading command goes on where an interrupted one ended."""
    return _file(var).exists()


def load(supervisor: Supervisor, var: Path) -> None:
    supervisor.run(services.manage(var, "manage.py", "load_demonstration"))
    _write(_file(var), _accounts(var))


def accounts(var: Path) -> list[dict[str, str]]:
    """Who can sign in, read from a file, so that a start stays quick."""
    return list(json.loads(_file(var).read_text()))


def _file(var: Path) -> Path:
    return var / "demonstration.json"


def _accounts(var: Path) -> str:
    command = services.manage(var, "manage.py", "demonstration_accounts", "--json")
    done = subprocess.run(
        command.command,
        env=command.environment,
        cwd=command.folder,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C in the terminal is heard after it
    )
    if done.returncode != 0:
        raise Failed(f"{command.name} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.rename(path)
