"""The composer's page as one form: the usage and every look, saved part by part so that nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from apps.accounts.actor import Actor
from apps.bookings.forms import LookForm, UsageForm, look_initial, new_look_initial, usage_initial
from apps.bookings.models import Booking, Look
from apps.bookings.services import compose
from apps.bookings.views.pictures import Picture, clear, ground_of
from apps.bookings.views.quoting import QuoteBox, quote_box
from apps.common.errors import InvalidInput

NEW = "look-new"
MARK = "here"  # a hidden field of each look that was on the page

# What the services call a field, and the form calls otherwise.
FIELD_NAMES = {"media": "medium", "territories": "regions"}

Files = MultiValueDict[str, UploadedFile]


@dataclass
class LookEntry:
    """One look on the page; `look` is None for one that was never saved."""

    key: str
    look: Look | None
    form: LookForm
    open: bool

    @property
    def scene(self) -> str:
        return str(self.form["scene"].value() or "")

    @property
    def ground(self) -> str:
        typed = str(self.form["own_colour"].value() or self.form["colour"].value() or "")
        return ground_of(self.scene, typed) if self.form.fields["scene"].valid_value(self.scene) else ""  # type: ignore[attr-defined]

    @property
    def pictures(self) -> int:
        """What stands in the field where it is a number, else what is saved: the price is that of the page."""
        try:
            return int(LookForm.base_fields["pictures"].clean(self.form["pictures"].value()))
        except ValidationError:
            return self.look.pictures if self.look else 0

    @property
    def product(self) -> Picture | None:
        return clear(self.look.product) if self.look and self.look.product else None


@dataclass
class Composer:
    booking: Booking
    usage: UsageForm
    looks: list[LookEntry]

    @property
    def pictures(self) -> int:
        return sum(entry.pictures for entry in self.looks)

    @property
    def quote(self) -> QuoteBox:
        return quote_box(self.booking, pictures=self.pictures)


def shown(booking: Booking, *, add: bool, opened: str = "") -> Composer:
    """The draft as it is saved, with one more empty look where it has none or one is asked for."""
    saved = list(booking.looks.all())
    entries = [
        LookEntry(_key(look), look, LookForm(initial=look_initial(look), prefix=_key(look)), open=_key(look) == opened)
        for look in saved
    ]
    if add or not saved:
        form = LookForm(initial=new_look_initial(len(saved) + 1), prefix=NEW)
        entries.append(LookEntry(NEW, None, form, open=True))
    elif not opened:
        entries[0].open = len(entries) == 1
    return Composer(booking, UsageForm(initial=usage_initial(booking)), entries)


def typed(booking: Booking, data: QueryDict, files: Files) -> Composer:
    """The page as it was sent. A look that was not on that page is left alone."""
    known: dict[str, Look | None] = {_key(look): look for look in booking.looks.all()}
    known[NEW] = None
    entries = [
        LookEntry(key, look, LookForm(data, files, prefix=key), open=False)
        for key, look in known.items()
        if f"{key}-{MARK}" in data
    ]
    return Composer(booking, UsageForm(data), entries)


def save(composer: Composer, *, by: Actor, without: str = "") -> bool:
    """Save every part that can be saved and put each error next to its field. True when everything is saved.

    `without` names a look that is about to be removed. Raises StaleState and NotAllowed, which concern the whole page.
    """
    saved = _save_usage(composer, by)
    for entry in composer.looks:
        if entry.key != without and not _save_look(composer.booking, entry, by):
            entry.open, saved = True, False
    return saved


def remove(composer: Composer, key: str, *, by: Actor) -> None:
    entry = next((entry for entry in composer.looks if entry.key == key and entry.look), None)
    if entry and entry.look:
        compose.remove_look(by=by, look=entry.look)


def live_quote(booking: Booking, data: QueryDict) -> QuoteBox:
    """The price of what is typed, before anything is saved."""
    usage = UsageForm(_with_title(data))
    problems = [str(errors[0]) for errors in usage.errors.values()]
    pictures = 0
    for prefix in _look_prefixes(data):
        try:
            pictures += LookForm.base_fields["pictures"].clean(data.get(f"{prefix}-pictures"))
        except ValidationError as error:
            problems.append(f"Pictures: {error.messages[0]}")
    if problems:
        return QuoteBox(problem=problems[0])
    _apply(booking, usage.draft_fields)
    return quote_box(booking, pictures=pictures)


def _save_usage(composer: Composer, by: Actor) -> bool:
    if not composer.usage.is_valid():
        return False
    try:
        compose.update_draft(by=by, booking=composer.booking, **composer.usage.draft_fields)
    except InvalidInput as error:
        _attach(composer.usage, error)
        return False
    _apply(composer.booking, composer.usage.draft_fields)
    return True


def _save_look(booking: Booking, entry: LookEntry, by: Actor) -> bool:
    form = entry.form
    if form.is_valid():
        try:
            entry.look = compose.save_look(
                by=by, booking=booking, look=entry.look, product=form.product_bytes, **form.look_fields
            )
        except InvalidInput as error:
            _attach(form, error)
        else:
            return True
    if form.files.get(form.add_prefix("product")) and "product" not in form.errors:
        form.add_error("product", "Please choose the picture again; browsers do not keep it.")
    return False


def _attach(form: Form, error: InvalidInput) -> None:
    """Next to its field; an upload's error names none and belongs to the upload."""
    place = place_of(form, error.field)
    if place is None and error.field is None and "product" in form.fields:
        place = "product"
    form.add_error(place, error.message)


def blame(composer: Composer, error: InvalidInput) -> None:
    """Put what the booking was refused for next to its field: of each look without its product, else of the usage."""
    lacking = [entry for entry in composer.looks if entry.look and entry.look.lacks_product]
    if error.field != "product" or not lacking:
        composer.usage.add_error(place_of(composer.usage, error.field), error.message)
        return
    for entry in lacking:
        entry.form.add_error("product", "This scene shows your product: please add a picture of it.")
        entry.open = True


def place_of(form: Form, field: str | None) -> str | None:
    """The form's own name of a field; None for an error that concerns the whole."""
    name = FIELD_NAMES.get(field or "", field)
    return name if name in form.fields else None


def explain(composer: Composer) -> None:
    """Put everything that stands against the draft next to the field where another choice would help."""
    for warning in composer.quote.warnings:
        place = place_of(composer.usage, warning.field)
        composer.usage.add_error(place, f"{warning.message} {warning.instead}".strip())


def _apply(booking: Booking, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(booking, name, value)


def _key(look: Look) -> str:
    return f"look-{look.pk}"


def _look_prefixes(data: QueryDict) -> list[str]:
    return [name.removesuffix("-pictures") for name in data if name.startswith("look-") and name.endswith("-pictures")]


def _with_title(data: QueryDict) -> QueryDict:
    """The price does not ask for the name, so the name is not sent with it."""
    named = data.copy()
    named.setdefault("title", "-")
    return named
