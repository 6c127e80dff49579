"""An identity card of nobody, which says so: what the demonstration's models hand in to prove who they are."""

import io
from datetime import date

from PIL import Image, ImageDraw

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, forget, is_proven, submit
from apps.media.fonts import sans
from apps.talent.models import Talent

PAPER, INK, PALE = "#e9ecdf", "#2b2f26", "#b9c1aa"


def specimen(name: str, born: date) -> bytes:
    """A JPEG of 860 × 540 pixels."""
    card = Image.new("RGB", (860, 540), PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, 860, 92), fill=INK)
    pen.text((36, 24), "SPECIMEN · NO STATE", font=sans(38, weight=600), fill=PAPER)
    pen.rectangle((36, 136, 276, 456), fill=PALE)
    small, large = sans(24, weight=400), sans(40, weight=600)
    lines = [("Name", name), ("Date of birth", f"{born:%d %B %Y}"), ("Issued by", "Nobody")]
    for row, (label, value) in enumerate(lines):
        pen.text((320, 140 + 110 * row), label, font=small, fill=INK)
        pen.text((320, 172 + 110 * row), value, font=large, fill=INK)
    out = io.BytesIO()
    card.save(out, "JPEG", quality=88)
    return out.getvalue()


def prove(talent: Talent, *, by: Actor, staff: User, selfie: bytes) -> None:
    """She hands in a specimen and her portrait; staff read the day on it, and both are deleted. Idempotent."""
    if is_proven(talent):
        return
    waiting = IdentityCheck.objects.filter(talent=talent, state=IdentityCheck.State.SUBMITTED).first()
    card = specimen(talent.stage_name, talent.birth_date)
    kind = IdentityCheck.Document.IDENTITY_CARD
    check = waiting or submit(by=by, talent=talent, kind=kind, document=card, selfie=selfie)
    forget(check=approve(by=staff, check=check, birth_date=talent.birth_date))
