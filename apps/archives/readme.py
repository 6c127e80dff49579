"""The few words at the top of an archive, in her language."""

from datetime import date
from pathlib import Path
from string import Template
from typing import Any

from apps.common.legal_texts import language_of, long_date

TEXTS = Path(__file__).with_name("texts")


def readme(about: dict[str, Any], *, day: date, language: str) -> str:
    known = language_of(language)
    text = (TEXTS / f"{known}.txt").read_text("utf-8")
    return Template(text).substitute(name=about["name"], day=long_date(day, known))
