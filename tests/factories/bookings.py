"""Bookings brought to a state by the people of the tests, through the services."""

import io
from collections.abc import Sequence

from django.utils import timezone
from PIL import Image

from apps.bookings.models import Booking, Review
from apps.bookings.services import answers, compose, making, payment, review
from apps.bookings.services.crew import add_credit
from apps.generation.models import Attempt, Candidate, Job
from apps.generation.states import State as Work
from apps.media.services import store
from apps.payments import services as payments
from tests.factories.people import World
from tests.fakes import stripe_site

Person = tuple[str, str, str, int | None]  # role, name, e-mail, what she is given
CREW: list[Person] = [
    ("photographer", "Odile Marchetti", "odile@crew.example", 40_000),
    ("hair", "Ruth Okonjo", "ruth@crew.example", 20_000),
    ("stylist", "Tomás Varga", "", None),
]


def draft(
    world: World, *, brand: str = "producer", pictures: int = 2, crew: Sequence[Person] = (), **fields
) -> Booking:
    """`crew` is who is named, and what of it is given something beside the fee."""
    by = getattr(world, brand).actor
    booking = compose.start_draft(by=by, twin=world.twin)
    booking = compose.update_draft(
        by=by, booking=booking, **{"territories": ["DE"], "media": ["ecommerce"], "category": "fashion"} | fields
    )
    compose.save_look(by=by, booking=booking, title="Look 1", scene="block", brief="Red on red", pictures=pictures)
    for role, name, email, share in crew:
        add_credit(by=by, booking=booking, role=role, name=name, email=email, share_minor=share)
    return fresh(booking)


def submitted(world: World, **fields) -> Booking:
    brand = fields.get("brand", "producer")
    return compose.submit(by=getattr(world, brand).actor, booking=draft(world, **fields))


def agreed(world: World, **fields) -> Booking:
    booking = submitted(world, **fields)
    answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
    return fresh(answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes"))


def funded(world: World, **fields) -> Booking:
    """Paid at the stand-in's page; needs the sandbox database."""
    booking = agreed(world, **fields)
    charge = payment.checkout(by=getattr(world, fields.get("brand", "producer")).actor, booking=booking)
    stripe_site.pay(charge)
    payments.settle(charge)
    payments.announce(charge_id=charge.pk)
    return fresh(booking)


def generating(world: World, **fields) -> Booking:
    return making.start_making(booking=funded(world, **fields))


def in_review(world: World, *, pictures: int = 2, **fields) -> Booking:
    """Every ordered candidate has come back and waits for the model."""
    booking = generating(world, pictures=pictures, **fields)
    for job in list(Job.objects.of_booking(booking.ref).open()):
        making.receive_candidate(candidate=make_candidate(job))
    return fresh(booking)


def chosen(world: World, **fields) -> Booking:
    """The model passed all, the brand took all; not finished yet."""
    booking = in_review(world, **fields)
    for picture in Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=True)
        review.select(by=world.producer.actor, review=picture, chosen=True)
    return fresh(booking)


def make_candidate(job: Job) -> Candidate:
    """What a GPU service would have brought back for this job: a picture that passed the guard."""
    now = timezone.now()
    attempt = Attempt.objects.create(
        job=job,
        number=job.attempts.count() + 1,
        state=Work.SUCCEEDED,
        holds_candidate=True,
        ended_at=now,
        report={"engine": "preview/1", "generative": False},
    )
    type(job.voucher).objects.take(job.voucher)
    Job.objects.filter(pk=job.pk).update(state=Work.SUCCEEDED, ended_at=now)
    data = io.BytesIO()
    colour = tuple(job.pk.bytes[:3])  # every picture is another one
    Image.merge("RGB", [Image.linear_gradient("L").point(lambda v, c=c: (v + c) // 2) for c in colour]).resize(
        (1080, 1350)
    ).save(data, "PNG", compress_level=1)
    twin = job.version.twin
    file = store(
        data=data.getvalue(),
        kind="candidate",
        owner=twin.talent.party,
        content_type="image/png",
        twin_ref=twin.ref,
    )
    return Candidate.objects.create(
        job=job,
        attempt=attempt,
        file=file,
        width=1080,
        height=1350,
        state=Candidate.State.CHECKED,
        verdict=Candidate.Verdict.PASSED,
        likeness=0.74,
        nearest_reference=0.81,
        nearest_other=0.41,
    )


def fresh(booking: Booking) -> Booking:
    return Booking.objects.with_parties().get(pk=booking.pk)
