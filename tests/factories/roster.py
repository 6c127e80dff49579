"""CSV files of an agency's people, and the command that takes them over."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

HEADER = "email,first_name,last_name,birth_date,country,board,language"
ADA = "ada@example.com,Ada,Berg,1999-04-01,SE,women,sv"
BO = "bo@example.com,Bo,Lind,2000-12-31,DK,men,da"


def ada(**changes: str) -> str:
    values = dict(zip(HEADER.split(","), ADA.split(","), strict=True)) | changes
    return ",".join(values.values())


def run(path: Path, *rows: str, exits: int = 0, options: tuple[str, ...] = ()) -> dict:
    """The JSON report of importing these rows under the usual header."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return run_file(path, exits=exits, options=options)


def run_file(path: Path, *, exits: int = 0, options: tuple[str, ...] = ()) -> dict:
    out = StringIO()
    code = 0
    try:
        call_command("import_roster", str(path), "--agency", "elan", "--json", *options, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    assert code == exits
    return json.loads(out.getvalue())
