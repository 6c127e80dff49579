"""Tennessee ELVIS Act: the model's authorisation is looked at right before every call, and each answer is kept."""

import json
from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.consents.models import Consent
from apps.consents.services import withdraw
from apps.generation import vouchers
from apps.generation.models import Job, Voucher
from apps.generation.services import revoke_vouchers
from apps.generation.states import State
from apps.talent.models import Boundaries, Mandate, OutsideCommitment
from apps.twins.models import TwinVersion
from apps.twins.services import erase, pause, resume
from tests.factories.likenesses import make_twin_of
from tests.factories.people import make_organization
from tests.factories.work import later, make_voucher, order, work


@pytest.fixture
def agency(committed):
    return make_organization("agency", "north-models")


@pytest.fixture
def brand(committed):
    return make_organization("brand", "atelier-b")


@pytest.fixture
def represented(agency):
    return make_twin_of("P001", "ines", agency=agency)


def withdraw_consent(purpose):
    def change(twin, person, voucher):
        withdraw(by=person.actor, consent=Consent.objects.get(talent=twin.talent, purpose=purpose))

    return change


def bar(**boundaries):
    def change(twin, person, voucher):
        for name, value in boundaries.items():
            setattr(twin.talent.boundaries, name, value)
        twin.talent.boundaries.save()

    return change


def bar_the_brand(twin, person, voucher):
    brand = make_organization("brand", "barred-brand")
    twin.talent.boundaries.barred_brands.add(brand)
    rewrite(voucher, scope=voucher.scope | {"brand": brand.party})


def narrow_the_body_lock(twin, person, voucher):
    """What was agreed lets the skin differ by 5 per cent; by now she allows 4."""
    rewrite(voucher, scope=voucher.scope | {"body_lock": {"body": 5, "skin": 5, "hair": 5}})
    Boundaries.objects.filter(talent=twin.talent).update(skin_tolerance=4)


def rewrite(voucher, **fields):
    """Change a voucher and sign it again, as if it had been issued so."""
    Voucher.objects.filter(pk=voucher.pk).update(**fields)
    voucher.refresh_from_db()
    Voucher.objects.filter(pk=voucher.pk).update(token=vouchers.signed(voucher, candidates=voucher.candidates))


def commit_elsewhere(**fields):
    def change(twin, person, voucher):
        today = timezone.now().date()
        OutsideCommitment.objects.create(
            **{
                "talent": twin.talent,
                "entered_by": twin.talent.party,
                "category": "denim",
                "territories": ["FR"],
                "window": DateRange(today, today + timedelta(days=90)),
            }
            | fields
        )

    return change


CASES = {
    "consent_generate": withdraw_consent("generate"),
    "consent_publish": withdraw_consent("publish"),
    "twin_paused": lambda twin, person, voucher: pause(by=person.actor, twin=twin),
    "twin_retired": lambda twin, person, voucher: erase(by=person.actor, twin=twin),
    "version_not_approved": lambda twin, *rest: TwinVersion.objects.update(state="rejected"),
    "boundary_category": bar(barred_categories=["denim"]),
    "boundary_media": bar(barred_media=["ecommerce"]),
    "boundary_territories": bar(barred_territories=["DE"]),
    "boundary_window": bar(longest_window_months=6),
    "boundary_brand": bar_the_brand,
    "boundary_licence_type": bar(licence_types=["b"]),
    "boundary_body_lock": narrow_the_body_lock,
    "outside_commitment": commit_elsewhere(),
    "voucher_ended": lambda twin, person, voucher: rewrite(voucher, ends=timezone.now() - timedelta(seconds=1)),
    "voucher_invalid": lambda twin, person, voucher: Voucher.objects.update(candidates=600),
    "mandate": lambda twin, *rest: Mandate.objects.update(ended_on=timezone.now().date() - timedelta(days=1)),
}


@pytest.mark.parametrize("reason", CASES)
def test_what_changed_between_the_order_and_the_call_forbids_the_call(gpu, represented, agency, news, reason):
    twin, person = represented
    voucher = make_voucher(twin, agency=agency.party)
    (job,) = order(voucher)
    CASES[reason](twin, person, voucher)
    work()
    assert gpu.posts == 0
    job.refresh_from_db()
    assert (job.state, job.refused, job.error_code) == (State.FAILED, True, reason)
    assert [(kind, what, why) for kind, what, why in news] == [("refused", job, reason)]
    assert Voucher.objects.get(pk=voucher.pk).used == 0
    kept = [
        json.loads(event.payload.body)["data"] for event in Event.objects.all() if "generation.refused" in event.record
    ]
    assert [entry["reason"] for entry in kept] == [reason]
    assert verify_chain().ok


def test_with_everything_in_order_the_call_is_made(gpu, represented, agency):
    order(make_voucher(represented[0], agency=agency.party))
    work()
    assert gpu.posts == 1


@pytest.mark.parametrize(
    "harmless",
    [
        commit_elsewhere(category="beauty"),
        commit_elsewhere(territories=["JP"]),
        commit_elsewhere(window=DateRange(date(2099, 1, 1), date(2099, 6, 1))),
        bar(barred_categories=["fur"], barred_media=["tv"], barred_territories=["JP"], longest_window_months=12),
    ],
    ids=["another category", "another territory", "after the window", "boundaries elsewhere"],
)
def test_what_does_not_touch_the_scope_forbids_nothing(gpu, maya, harmless):
    voucher = make_voucher(maya[0])
    order(voucher)
    harmless(*maya, voucher)
    work()
    assert gpu.posts == 1


@pytest.mark.parametrize(
    "change",
    [{"covers_twins": False}, {"territories": ["FR"]}, {"starts_on": timezone.now().date() + timedelta(days=1)}],
    ids=["twins never signed", "not all territories", "not yet"],
)
def test_a_mandate_counts_only_when_it_covers_this(gpu, represented, agency, change):
    order(make_voucher(represented[0], agency=agency.party))
    Mandate.objects.update(**change)
    work()
    assert gpu.posts == 0
    assert Job.objects.get().error_code == "mandate"


def test_a_consent_withdrawn_while_the_submission_was_lost_stops_the_second_try(gpu, maya, voucher):
    gpu.faults = ["down"]
    order(voucher)
    work()
    withdraw_consent("generate")(*maya, voucher)
    later()
    assert gpu.posts == 1
    assert not gpu.jobs
    voucher.refresh_from_db()
    assert voucher.used == 0


def test_after_the_pause_missing_pictures_can_be_ordered_again(gpu, maya, voucher):
    twin, person = maya
    order(voucher)
    pause(by=person.actor, twin=twin)
    work()
    resume(by=person.actor, twin=twin)
    order(voucher)
    work()
    assert gpu.posts == 1


def test_more_than_the_voucher_allows_cannot_be_ordered(voucher):
    order(voucher, 4)
    with pytest.raises(Refused) as refused:
        order(voucher, 3)
    assert refused.value.code == "voucher_used_up"
    order(voucher, 2)


def test_without_an_active_voucher_nothing_can_be_ordered(voucher):
    revoke_vouchers(by=Actor.SYSTEM, subject=voucher.subject, reason="over")
    with pytest.raises(Refused):
        order(voucher)


def test_a_booking_has_one_active_voucher(maya, voucher):
    from apps.generation.services import issue_voucher

    with pytest.raises(StaleState):
        issue_voucher(
            by=Actor.SYSTEM, booking_ref=voucher.subject, twin=maya[0], pictures=1, candidates=3,
            scope=voucher.scope, ends=voucher.ends,
        )  # fmt: skip


@pytest.mark.parametrize("change", [{"pictures": 0}, {"pictures": 4, "candidates": 3}])
def test_a_voucher_for_nothing_or_for_fewer_than_it_sells_is_refused(maya, change):
    with pytest.raises(InvalidInput):
        make_voucher(maya[0], **change)


@pytest.mark.parametrize(
    "change",
    [{"candidates": 600}, {"pictures": 1}, {"subject": "booking:other"}, {"scope": {"brand": "org:other"}}],
)
def test_a_voucher_changed_after_signing_is_no_voucher(voucher, change):
    vouchers.verify(voucher)
    Voucher.objects.filter(pk=voucher.pk).update(**change)
    voucher.refresh_from_db()
    with pytest.raises(vouchers.BadVoucher):
        vouchers.verify(voucher)


def test_a_voucher_signed_by_somebody_else_is_no_voucher(voucher, settings):
    settings.VOUCHER_SIGNING_KEY = "A" * 43
    with pytest.raises(vouchers.BadVoucher):
        vouchers.verify(voucher)


def test_the_gpu_service_can_check_our_vouchers_with_the_public_key(voucher, maya):
    from base64 import urlsafe_b64decode

    from gpu_service.vouchers import verify

    key = urlsafe_b64decode(vouchers.public_key() + "=")
    token, now = vouchers.travelling(voucher), timezone.now()
    read = verify(token, keys=[key], twin_ref=maya[0].ref, purpose="generate", now=now)
    assert (read.subject, read.candidates, read.ends) == (voucher.subject, 6, voucher.ends)
