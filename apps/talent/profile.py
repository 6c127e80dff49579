"""What a model says of herself: her name at work, her measurements, where she lives."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.territories import COUNTRIES
from apps.organizations.permissions import Permission
from apps.talent.models import Board, Talent

# Centimetres, and European shoe sizes: beyond these a digit slipped.
LIMITS = {
    "height_cm": (120, 230),
    "bust_cm": (50, 160),
    "waist_cm": (40, 160),
    "hips_cm": (50, 170),
    "shoe_eu": (30, 52),
}


@dataclass(frozen=True)
class Profile:
    """All of it, as it shall be from now on; None is "not told". Measurements in centimetres."""

    stage_name: str
    country: str
    board: str
    languages: Sequence[str]
    about: str = ""
    union: str = ""
    hair: str = ""
    eyes: str = ""
    height_cm: int | None = None
    bust_cm: int | None = None
    waist_cm: int | None = None
    hips_cm: int | None = None
    shoe_eu: Decimal | None = None


@transaction.atomic
def save_profile(*, by: Actor, talent: Talent, profile: Profile) -> Talent:
    """She writes it herself; nobody else does. Raises NotAllowed, InvalidInput(field=…)."""
    by.require(Permission.SIGN_CONSENT)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model herself writes her profile.")
    _check(profile)
    row = Talent.objects.select_for_update().get(pk=talent.pk)
    told = asdict(profile) | {"stage_name": profile.stage_name.strip(), "languages": list(profile.languages)}
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, told[name])
        row.save(update_fields=changed)
        record(kind="talent.profile_saved", subject=row.party, by=by.label, payload={"fields": ", ".join(changed)})
    return row


def _check(profile: Profile) -> None:
    if not profile.stage_name.strip():
        raise InvalidInput("Tell us under which name you work.", field="stage_name")
    if profile.country not in COUNTRIES:
        raise InvalidInput("Choose a country.", field="country")
    if profile.board not in Board.values:
        raise InvalidInput("Choose a board.", field="board")
    for name, (least, most) in LIMITS.items():
        value = getattr(profile, name)
        if value is not None and not least <= value <= most:
            raise InvalidInput(f"From {least} to {most}.", field=name)
    for code in profile.languages:
        try:
            Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError) as error:
            raise InvalidInput("Choose languages from the list.", field="languages") from error
    for field in fields(profile):
        longest = getattr(Talent._meta.get_field(field.name), "max_length", None)
        if longest and len(str(getattr(profile, field.name))) > longest:
            raise InvalidInput(f"At most {longest} characters.", field=field.name)


def is_told(talent: Talent) -> bool:
    """Enough for a booker or a brand to know whom they see."""
    return bool(talent.height_cm and talent.hair and talent.eyes)
