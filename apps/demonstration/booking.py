"""One whole booking, played by the demonstration's people through the same services and workers as the screens."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Deliverable, Licence, Look, Review
from apps.bookings.scenes import WITH_PRODUCT
from apps.bookings.services import answers, compose, delivery, labelling, payment, review
from apps.bookings.states import TERMINAL, State
from apps.common.errors import DomainError
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.products import product_of
from apps.generation import selectors as generation
from apps.ledger.services import audit
from apps.organizations.models import Organization
from apps.payments.models import Charge
from apps.twins.models import Twin
from config.runtime import VAR_DIR

PATIENCE_SECONDS = 900
POLL_SECONDS = 0.5
SHOWN_SCENES = ("block", "gobo", "hair", "arch", "mono", "collage", "product", "location")


class DidNotHappen(Exception):
    """The thread ended somewhere else than in delivered pictures; the message says where."""


@dataclass
class Plan:
    """What the brand asks for. `pictures` in total, spread over the looks."""

    brand: Organization
    twin: Twin
    looks: int = 2
    pictures: int = 4
    title: str = "Autumn e-commerce"
    media: tuple[str, ...] = ("ecommerce",)
    window_months: int = 12
    scenes: tuple[str, ...] = SHOWN_SCENES
    brief: str = "Clear and quiet, the clothes first."
    say: Callable[[str], None] = print
    began: float = field(default_factory=time.monotonic)

    def pictures_of(self, position: int) -> int:
        whole, rest = divmod(self.pictures, self.looks)
        return whole + (1 if position < rest else 0)


def play(plan: Plan) -> dict[str, Any]:
    """From the draft to downloaded pictures. Returns the report of `demo_booking --json`; raises DidNotHappen."""
    try:
        booking = agree(plan)
        pay(plan, booking)
        check_and_choose(plan, booking)
        wait(plan, booking, lambda b: b.state == State.DELIVERED, "labelling and delivery")
        return report(plan, booking, download(plan, booking))
    except DomainError as error:
        raise DidNotHappen(error.message) from error


def draft(plan: Plan) -> Booking:
    """Compose the looks and the use."""
    brand = brand_of(plan)
    booking = compose.start_draft(by=brand, twin=plan.twin)
    booking = compose.update_draft(
        by=brand,
        booking=booking,
        title=plan.title,
        media=list(plan.media),
        territories=[plan.brand.country],
        window_months=plan.window_months,
    )
    for position in range(plan.looks):
        scene = plan.scenes[position % len(plan.scenes)]
        compose.save_look(
            by=brand,
            booking=booking,
            title=f"Look {position + 1}",
            scene=scene,
            product=product_of(plan.brand.slug) if scene in WITH_PRODUCT else None,
            brief=plan.brief,
            pictures=plan.pictures_of(position),
        )
    return booking


def agree(plan: Plan) -> Booking:
    """Compose, submit, and both yeses."""
    booking = compose.submit(by=brand_of(plan), booking=draft(plan))
    plan.say(f"{booking.code} submitted: {plan.brand.name} asks for {plan.twin.talent.stage_name}")
    if booking.agency:
        agency = actor_of(user_of(booking.agency.slug))
        answers.answer(by=agency, booking=booking, version=booking.version, answer="yes")
        plan.say(f"{booking.agency.name} has sealed an answer")
    booking = answers.answer(by=model_of(plan), booking=booking, version=booking.version, answer="yes")
    plan.say(f"all answers opened: {booking.get_state_display()}")
    return booking


def pay(plan: Plan, booking: Booking) -> None:
    """Pay on the hosted page as a person would: a press on its button, over HTTP."""
    charge = payment.checkout(by=brand_of(plan), booking=booking)
    answer = httpx.post(charge.checkout_url.rstrip("/") + "/pay/", timeout=30)
    if answer.status_code not in {200, 302, 303}:
        raise DidNotHappen(f"the payment page answered {answer.status_code}")
    plan.say("paid in the sandbox; waiting for the signed notice")
    wait(plan, booking, lambda b: b.state in {State.GENERATING, State.IN_REVIEW}, "payment and voucher")


def check_and_choose(plan: Plan, booking: Booking) -> None:
    """The model passes each picture as it comes, the brand takes what was ordered and finishes."""
    model, brand = model_of(plan), brand_of(plan)

    def all_passed(current: Booking) -> bool:
        waiting = Review.objects.filter(booking=current, decision=Review.Decision.WAITING)
        for picture in waiting.select_related("booking__twin__talent", "candidate__file", "look"):
            review.decide(by=model, review=picture, passed=True)
            plan.say(f"{picture.look.title}: a picture came back and she passed it")
        passed = current.reviews.filter(decision=Review.Decision.PASSED).count()
        return passed >= plan.pictures and not generation.open_jobs(current.ref)

    wait(plan, booking, all_passed, "pictures")
    for look in Look.objects.filter(booking=booking):
        passed = look.reviews.filter(decision=Review.Decision.PASSED)
        for picture in passed.select_related("booking__brand")[: look.pictures]:
            review.select(by=brand, review=picture, chosen=True)
    review.finish(by=brand, booking=booking)
    plan.say("the brand has chosen; the pictures are being labelled")


def download(plan: Plan, booking: Booking) -> list[dict[str, Any]]:
    """Fetch every deliverable by its signed address, as the brand would; each download is logged."""
    folder = VAR_DIR / "deliveries" / booking.code
    folder.mkdir(parents=True, exist_ok=True)
    licence = Licence.objects.select_related("booking__brand").get(booking=booking)
    choice = labelling.choose_label(
        by=brand_of(plan), licence=licence, territory=licence.territories[0], channel=licence.media[0]
    )
    labelling.make_labelled(choice_id=choice.pk)
    rows = Deliverable.objects.filter(licence=licence, label=choice.label).select_related(
        "licence__booking__brand", "file", "review__look", "review__candidate"
    )
    return [_fetched(plan, folder, row) for row in rows.order_by("review__look__position", "created_at")]


def report(plan: Plan, booking: Booking, deliverables: list[dict[str, Any]]) -> dict[str, Any]:
    booking.refresh_from_db()
    terms = booking.current_terms
    charge = Charge.objects.get(ref=booking.ref)
    return {
        "booking": booking.code,
        "state": str(booking.state),
        "seconds": round(time.monotonic() - plan.began, 1),
        "deliverables": deliverables,
        "split": _split(terms.split),
        "paid_minor": charge.amount_minor,
        "currency": charge.currency,
        "quote": terms.quote,
        "ledger_balanced": audit().balanced,
    }


def wait(plan: Plan, booking: Booking, happened: Callable[[Booking], bool], what: str) -> None:
    """Look again until it happened. Raises DidNotHappen when the booking closed or patience ends."""
    told = ""
    while time.monotonic() - plan.began < PATIENCE_SECONDS:
        current = Booking.objects.with_parties().get(pk=booking.pk)
        if happened(current):
            return
        if current.state in TERMINAL:
            raise DidNotHappen(f"the booking ended as “{current.get_state_display()}” while waiting for {what}")
        state = f"{current.get_state_display()} ({what})"
        if state != told:
            plan.say(state)
            told = state
        time.sleep(POLL_SECONDS)
    raise DidNotHappen(f"{what} took longer than {PATIENCE_SECONDS} s")


def brand_of(plan: Plan) -> Actor:
    return actor_of(user_of(plan.brand.slug))


def model_of(plan: Plan) -> Actor:
    return actor_of(user_of(plan.twin.talent.slug))


def _fetched(plan: Plan, folder: Path, row: Deliverable) -> dict[str, Any]:
    address = delivery.hand_over(by=brand_of(plan), deliverable=row, address="127.0.0.1")
    if address.startswith("/"):
        address = settings.SITE_URL + address
    answer = httpx.get(address, timeout=60, follow_redirects=True)
    answer.raise_for_status()
    path = folder / f"{row.review.look.position}-{row.sha256[:8]}.jpg"
    path.write_bytes(answer.content)
    return {
        "path": str(path),
        "sha256": row.sha256,
        "width": row.file.width,
        "height": row.file.height,
        "look": row.review.look.title,
        "likeness": row.review.candidate.likeness,
    }


def _split(shares: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line per party and kind; the agency's service charge and commission stand together here."""
    totals: dict[tuple[str, str, str], int] = {}
    for share in shares:
        key = (share["party"], share["kind"], share["currency"])
        totals[key] = totals.get(key, 0) + share["amount_minor"]
    return [
        {"party": party, "kind": kind, "amount_minor": amount, "currency": currency}
        for (party, kind, currency), amount in totals.items()
    ]
