"""Consents: one per purpose, in her own language, signed by herself and by nobody else."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.legal_texts import LANGUAGES
from apps.common.vocabulary import Medium
from apps.consents.consent_text import USES, consent_text, wording
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.organizations.permissions import ROLE_PERMISSIONS, TALENT_PERMISSIONS
from tests.factories.clients import signed_in
from tests.factories.people import Person, acting, make_member, make_organization, make_talent, make_user

pytestmark = pytest.mark.django_db
TERMS = {
    "scope": "my digital twin",
    "rate_of_pay": "as quoted",
    "intended_uses": ["e-commerce"],
    "ends_at": datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
}


@pytest.fixture
def maya():
    """Without the consents that her factory gives."""
    talent, person = make_talent("maya-okafor")
    Consent.objects.update(withdrawn_at=timezone.now())
    return talent, person


class TestTheText:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("purpose", Purpose.values)
    def test_of_every_purpose_says_in_her_language_what_the_law_asks(self, maya, purpose, language) -> None:
        """Scope, purpose, rate of pay, duration; intended uses; counsel."""
        said = wording(purpose, language=language)
        text = consent_text(
            talent=maya[0], purpose=purpose, scope=said.scope, rate_of_pay=said.rate_of_pay,
            uses=list(said.uses.values()), ends_at=TERMS["ends_at"], language=language, counsel="Dr. Weiss",
            counsel_on=TERMS["ends_at"].date(),
        )  # fmt: skip
        for part in ("Maya Okafor", said.title, said.scope, said.rate_of_pay, *said.uses.values(), "2027", "Dr. Weiss"):
            assert part in text
        assert "$" not in text

    def test_differs_for_each_purpose_and_language(self, maya) -> None:
        texts = {
            consent_text(
                talent=maya[0], purpose=p, scope="", rate_of_pay="", uses=[], ends_at=TERMS["ends_at"], language=x
            )
            for p in Purpose.values
            for x in LANGUAGES
        }
        assert len(texts) == len(Purpose.values) * len(LANGUAGES)

    def test_no_use_is_everything(self) -> None:
        """California AB 2602: no “any media” default."""
        assert set(USES[Purpose.PUBLISH]) == set(Medium.values)
        assert not {"any", "all"} & {use for uses in USES.values() for use in uses}

    def test_what_is_signed_is_the_versioned_text_that_was_shown(self, maya) -> None:
        talent, person = maya
        shown = consent_text(
            talent=talent, purpose="publish", scope=TERMS["scope"], rate_of_pay=TERMS["rate_of_pay"],
            uses=TERMS["intended_uses"], ends_at=TERMS["ends_at"], language="fr",
        )  # fmt: skip
        sha256 = hashlib.sha256(shown.encode()).hexdigest()
        with pytest.raises(StaleState):
            grant(by=person.actor, talent=talent, purpose=Purpose.PUBLISH, language="de", shown_sha256=sha256, **TERMS)
        given = grant(
            by=person.actor, talent=talent, purpose=Purpose.PUBLISH, language="fr", shown_sha256=sha256, **TERMS
        )
        assert (given.signature.text, given.signature.text_sha256) == (shown, sha256)
        assert (given.signature.version, given.signature.language) == ("publish/2026-11-24", "fr")


class TestCounsel:
    """California AB 2602: her own lawyer or union, by name and date; an agency is no counsel."""

    def test_is_a_name_and_a_date(self, maya) -> None:
        day = timezone.now().date()
        for name, on in (("Dr. Weiss", None), ("", day), ("Dr. Weiss", day + timedelta(days=1))):
            with pytest.raises(InvalidInput):
                grant(by=maya[1].actor, talent=maya[0], purpose=Purpose.SCAN, counsel=name, counsel_on=on, **TERMS)
        given = grant(
            by=maya[1].actor, talent=maya[0], purpose=Purpose.SCAN, counsel="Dr. Weiss", counsel_on=day, **TERMS
        )
        assert "Dr. Weiss" in given.signature.text
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=given.pk).update(counsel_on=None)

    def test_is_never_an_agency(self, maya) -> None:
        make_organization("agency", "elan")
        with pytest.raises(InvalidInput) as caught:
            grant(
                by=maya[1].actor, talent=maya[0], purpose=Purpose.SCAN, counsel="ELAN",
                counsel_on=timezone.now().date(), **TERMS,
            )  # fmt: skip
        assert caught.value.field == "counsel"


def roles() -> dict[str, tuple[str, str]]:
    ours = {f"{kind} {role}": (kind, role) for kind, of in ROLE_PERMISSIONS.items() for role in of}
    return ours | {"staff": ("staff", ""), "superuser": ("staff", "superuser"), "system": ("system", "")}


def somebody(kind: str, role: str) -> Person:
    if kind in ROLE_PERMISSIONS:
        return make_member(make_organization(kind, "somewhere"), role, "somebody")
    user = make_user("somebody")
    if kind == "system":
        return Person(user, Actor.SYSTEM)
    user.is_staff, user.is_superuser = True, role == "superuser"
    user.save()
    return Person(user, acting(user, "platform", "staff", TALENT_PERMISSIONS))  # even with every right of a model


@pytest.mark.parametrize("who", roles())
def test_nobody_gives_or_takes_back_a_consent_for_her(maya, who) -> None:
    """New York Fashion Workers Act: the model's own written consent; no power of attorney, no staff."""
    talent, person = maya
    actor = somebody(*roles()[who]).actor
    given = grant(by=person.actor, talent=talent, purpose=Purpose.TRAIN, **TERMS)
    for pretending in (actor, replace(actor, party=talent.party), replace(actor, permissions=TALENT_PERMISSIONS)):
        with pytest.raises(NotAllowed):
            grant(by=pretending, talent=talent, purpose=Purpose.SCAN, **TERMS)
        with pytest.raises(NotAllowed):
            withdraw(by=pretending, consent=given)
    assert not Consent.objects.in_force().filter(talent=talent, purpose=Purpose.SCAN).exists()


@pytest.mark.parametrize("who", [name for name in roles() if name != "system"])
def test_no_page_lets_anybody_else_sign(maya, who) -> None:
    browser = signed_in(somebody(*roles()[who]))
    assert browser.post(reverse("give_consent", args=["scan"]), {"agreed": "yes"}).status_code == 403


def test_the_admin_neither_adds_nor_changes_one(maya) -> None:
    given = Consent.objects.first()
    boss = make_user("boss")
    boss.is_staff = boss.is_superuser = True
    boss.save()
    browser = Client()
    browser.force_login(boss)
    assert browser.get(reverse("admin:consents_consent_add")).status_code == 403
    browser.post(reverse("admin:consents_consent_change", args=[given.pk]), {"scope": "everything"})
    given.refresh_from_db()
    assert given.scope != "everything"


def test_one_that_ran_out_makes_room_for_the_next(maya) -> None:
    talent, person = maya
    first = grant(by=person.actor, talent=talent, purpose=Purpose.SCAN, **TERMS)
    past = timezone.now() - timedelta(days=1)
    Consent.objects.filter(pk=first.pk).update(granted_at=past - timedelta(days=9), ends_at=past)
    assert grant(by=person.actor, talent=talent, purpose=Purpose.SCAN, **TERMS).pk != first.pk
