"""A model who has proven who she is, and what one hands in for that."""

import io

from PIL import Image

from apps.accounts.models import User
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, submit
from apps.talent.models import Talent
from tests.factories.people import Person


def card(colour: str = "#8fa39a") -> bytes:
    """A picture that stands for a document or a face; nobody reads it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(out, "JPEG")
    return out.getvalue()


def hand_in(talent: Talent, person: Person) -> IdentityCheck:
    return submit(by=person.actor, talent=talent, kind="passport", document=card(), selfie=card("#c08a70"))


def staff_member(slug: str = "staff") -> User:
    user, _ = User.objects.get_or_create(
        email=f"{slug}@tests.example", defaults={"name": slug.title(), "is_staff": True, "is_superuser": True}
    )
    return user


def prove(talent: Talent, person: Person) -> IdentityCheck:
    """She handed in her document and a member of staff found it right."""
    return approve(by=staff_member(), check=hand_in(talent, person), birth_date=talent.birth_date)
