"""The columns of the roster: what each shows on the screen, and what it says in a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apps.common.spreadsheet import safe_text
from apps.common.templatetags.ui import day, number, percent
from apps.common.territories import country_name
from apps.consents.models import Purpose
from apps.talent.models import Board, Mandate, Talent
from apps.twins.models import Twin

NAME = "name"
TWIN_TONES = {Twin.State.LISTED: "pos", Twin.State.AWAITING_APPROVAL: "warn", Twin.State.PAUSED: "warn"}


@dataclass(frozen=True)
class Model:
    """One line. `talent` carries the figures that roster.represented worked out."""

    talent: Talent
    mandate: Mandate
    twin: Twin | None
    thumb: str

    def figure(self, name: str) -> Any:
        return getattr(self.talent, name)


@dataclass(frozen=True)
class Cell:
    """`tone` is that of the chip around the text: "plain" for one without colour, empty for no chip."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Column:
    """`order` is what the database sorts by; `plain` is what a file says, safe to open in a spreadsheet."""

    key: str
    label: str
    order: str
    cell: Callable[[Model], Cell]
    plain: Callable[[Model], str]
    figure: bool = False


def _words(key: str, label: str, order: str, text: Callable[[Model], str]) -> Column:
    return Column(key, label, order, lambda model: Cell(text(model)), lambda model: safe_text(text(model)))


def _counted(key: str, label: str, name: str) -> Column:
    return Column(
        key,
        label,
        name,
        lambda model: Cell(number(model.figure(name))),
        lambda model: str(model.figure(name)),
        figure=True,
    )


def _dated(key: str, label: str, name: str) -> Column:
    return Column(key, label, name, lambda model: Cell(day(model.figure(name))), lambda model: _iso(model.figure(name)))


def _iso(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _twin(model: Model) -> Cell:
    if model.twin is None:
        return Cell("No twin", "plain")
    return Cell(model.twin.get_state_display(), TWIN_TONES.get(Twin.State(model.twin.state), "plain"))


def _mandate(model: Model) -> str:
    kind = str(model.mandate.get_kind_display())
    return kind if model.mandate.covers_twins else f"{kind}, without twins"


def _consents(model: Model) -> Cell:
    given, all_of_them = model.figure("given"), len(Purpose)
    return Cell(f"{given} of {all_of_them}", "" if given == all_of_them else "warn")


def _commission(model: Model) -> str:
    return percent(model.mandate.commission_bp)


COLUMNS = (
    _words("board", "Board", "filed", lambda model: str(Board(model.figure("filed")).label)),
    Column("twin", "Twin", "twin__state", _twin, lambda model: _twin(model).text),
    _words("mandate", "Mandate", "mandate_kind", _mandate),
    _dated("mandate_until", "Mandate until", "mandate_until"),
    Column(
        "commission", "Commission", "commission", lambda m: Cell(_commission(m)), _commission, figure=True,
    ),
    Column("consents", "Consents", "given", _consents, lambda model: _consents(model).text),
    _dated("consent_until", "Consent until", "consent_until"),
    _counted("waiting", "To answer", "waiting"),
    _counted("going_on", "Under way", "going_on"),
    _counted("live", "Live licences", "live"),
    _dated("next_end", "Next end", "next_end"),
    _dated("asked", "Last asked for", "asked"),
    _words("country", "Country", "country", lambda model: country_name(model.talent.country)),
    Column(
        "height", "Height, cm", "height_cm",
        lambda model: Cell(str(model.talent.height_cm or "")), lambda model: str(model.talent.height_cm or ""),
        figure=True,
    ),
)  # fmt: skip
USUAL = [
    "board", "twin", "mandate_until", "commission", "consents", "consent_until", "waiting", "going_on", "live",
    "next_end",
]  # fmt: skip
