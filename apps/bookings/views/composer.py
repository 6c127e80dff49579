"""The composer's page as one form: the usage and every look, saved part by part so that nothing typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.forms import Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from apps.accounts.actor import Actor
from apps.bookings.forms import LookForm, UsageForm, look_initial, new_look_initial, usage_initial
from apps.bookings.models import Booking, Look, LookProduct
from apps.bookings.services import compose
from apps.bookings.services.looks import add_product
from apps.bookings.services.saving import take_turn
from apps.bookings.views.pictures import Picture, clear, ground_of
from apps.bookings.views.quoting import QuoteBox, quote_box
from apps.common.errors import InvalidInput

PREFIX = "look-"
MARK = "here"  # a hidden field of each look that was on the page

# What the services call a field, and the form calls otherwise.
FIELD_NAMES = {"media": "medium", "territories": "regions"}

Files = MultiValueDict[str, UploadedFile]


@dataclass
class LookEntry:
    """One look on the page; `look` is None for one that was never saved. Its key is the id that it has or will have."""

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
    def products(self) -> list[tuple[LookProduct, Picture]]:
        return [(row, clear(row.file)) for row in self.look.products.all()] if self.look else []

    @property
    def problems(self) -> list[str]:
        """Each error with the name of its field: what a save in the background could not take."""
        found = []
        for name, errors in self.form.errors.items():
            label = self.form.fields[name].label or name.capitalize() if name in self.form.fields else "Look"
            found.append(f"{label}: {errors[0]}")
        return found


@dataclass
class Composer:
    """`page` names this page among all that show the draft, `seen` is the revision it knows (services.saving)."""

    booking: Booking
    usage: UsageForm
    looks: list[LookEntry]
    page: str
    seen: int
    added: str = field(default="")

    @property
    def pictures(self) -> int:
        return sum(entry.pictures for entry in self.looks)

    @property
    def quote(self) -> QuoteBox:
        return quote_box(self.booking, pictures=self.pictures)

    @property
    def saved_looks(self) -> int:
        """Of the whole draft, as many as there are now."""
        return Look.objects.filter(booking=self.booking).count()

    def entry(self, key: str) -> LookEntry | None:
        """A saved look of this page."""
        return next((entry for entry in self.looks if entry.key == key and entry.look), None)


def shown(booking: Booking, *, add: int = 0, opened: str = "") -> Composer:
    """The draft as it is saved, with one more empty look where it has none, or not yet the one of this number: the page
    that added a look and is loaded again, after it was saved, adds no other one."""
    saved = list(booking.looks.all())
    entries = [
        LookEntry(_key(look), look, LookForm(initial=look_initial(look), prefix=_key(look)), open=_key(look) == opened)
        for look in saved
    ]
    added = ""
    if len(saved) < max(add, 1):
        added = f"{PREFIX}{uuid4()}"
        form = LookForm(initial=new_look_initial(len(saved) + 1), prefix=added)
        entries.append(LookEntry(added, None, form, open=True))
    elif not opened:
        entries[0].open = len(entries) == 1
    usage = UsageForm(initial=usage_initial(booking))
    return Composer(booking, usage, entries, page=str(uuid4()), seen=booking.revision, added=added)


def typed(booking: Booking, data: QueryDict, files: Files) -> Composer:
    """The page as it was sent. A look that was not on that page is left alone; one that is not saved, or was removed
    elsewhere meanwhile, is a new one: nobody loses what she types into it."""
    known: dict[str, Look | None] = {_key(look): look for look in booking.looks.all()}
    known |= {key: None for key in _keys(data) if key not in known}
    entries = [
        LookEntry(key, look, LookForm(data, files, prefix=key), open=False)
        for key, look in known.items()
        if f"{key}-{MARK}" in data
    ]
    told = data.get("over") or data.get("revision", "")
    seen = int(told) if told.isdecimal() and len(told) < 10 else 0
    return Composer(booking, UsageForm(data), entries, page=data.get("page", "")[:36], seen=seen)


def save(composer: Composer, *, by: Actor, without: str = "", leaves: bool = True) -> bool:
    """Save every part that can be saved and put each error next to its field. True when everything is saved.

    `without` names a look that is about to be removed, `leaves` says that the page is gone afterwards. Raises
    SavedElsewhere with nothing saved, and StaleState and NotAllowed, which concern the whole page.
    """
    with transaction.atomic():
        take_turn(by=by, booking=composer.booking, page=composer.page, seen=composer.seen, leaves=leaves)
        composer.seen = composer.booking.revision
        saved = _save_usage(composer, by)
        for entry in composer.looks:
            if entry.key != without and not _save_look(composer.booking, entry, by):
                entry.open, saved = True, False
    return saved


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
            entry.look = _saved_look(booking, entry, by)
        except InvalidInput as error:
            _attach(form, error)
        else:
            return True
    if form.files.get(form.add_prefix("product")) and "product" not in form.errors:
        form.add_error("product", "Please choose the picture again; browsers do not keep it.")
    return False


@transaction.atomic
def _saved_look(booking: Booking, entry: LookEntry, by: Actor) -> Look:
    """Raises InvalidInput with nothing saved."""
    new_id = UUID(entry.key.removeprefix(PREFIX))
    look = compose.save_look(by=by, booking=booking, look=entry.look, new_id=new_id, **entry.form.look_fields)
    for raw in entry.form.products:
        add_product(by=by, look=look, raw=raw)
    return look


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
        entry.form.add_error("product", "This scene shows your product: please add a picture of it on a plain ground.")
        entry.open = True


def place_of(form: Form, name: str | None) -> str | None:
    """The form's own name of a field; None for an error that concerns the whole."""
    name = FIELD_NAMES.get(name or "", name)
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
    return f"{PREFIX}{look.pk}"


def _keys(data: QueryDict) -> list[str]:
    """The looks of a sent page, in its order; a made-up key is none."""
    end = f"-{MARK}"
    return [name.removesuffix(end) for name in data if name.endswith(end) and _is_key(name.removesuffix(end))]


def _is_key(key: str) -> bool:
    try:
        return key == f"{PREFIX}{UUID(key.removeprefix(PREFIX))}"
    except ValueError:
        return False


def _look_prefixes(data: QueryDict) -> list[str]:
    return [name.removesuffix("-pictures") for name in data if name.startswith(PREFIX) and name.endswith("-pictures")]


def _with_title(data: QueryDict) -> QueryDict:
    """The price does not ask for the name, so the name is not sent with it."""
    named = data.copy()
    named.setdefault("title", "-")
    return named
