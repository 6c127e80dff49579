"""Signatures: the text as it was seen, by the person concerned, with a fresh proof of who it was, and never changed."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, NotAllowed
from apps.signatures.models import Signature
from apps.signatures.services import sign

TEXT = "I, Ada, agree to one thing: generate.\nUntil: 23 November 2027"
USER = UUID("8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a011")
ADA_PARTY = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"

pytestmark = pytest.mark.django_db


def ada(**changes: object) -> Actor:
    actor = Actor(
        user_id=USER,
        party=ADA_PARTY,
        kind="talent",
        name="Ada",
        stepped_up_at=timezone.now() - timedelta(minutes=1),
        session="s3cr3t-session-key",
        address="203.0.113.7",
        method="passkey",
    )
    return replace(actor, **changes)  # type: ignore[arg-type]


def sign_as(actor: Actor, text: str = TEXT) -> Signature:
    return sign(by=actor, kind="consent", subject=ADA_PARTY, version="generate/2026-11", language="en", text=text)


class TestEvidence:
    def test_is_the_text_that_was_seen_who_when_and_how(self) -> None:
        actor = ada()
        signature = Signature.objects.get(pk=sign_as(actor).pk)
        assert signature.text == TEXT
        assert signature.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
        assert (signature.signer, signature.party) == (USER, ADA_PARTY)
        assert (signature.version, signature.language) == ("generate/2026-11", "en")
        assert signature.stepped_up_at == actor.stepped_up_at
        assert (signature.method, signature.address) == ("passkey", "203.0.113.7")
        assert timezone.now() - signature.signed_at < timedelta(minutes=1)

    def test_the_session_is_kept_as_a_hash_that_opens_nothing(self) -> None:
        assert sign_as(ada()).session_sha256 == hashlib.sha256(b"s3cr3t-session-key").hexdigest()

    def test_goes_into_the_audit_chain_in_the_same_transaction(self) -> None:
        signature = sign_as(ada())
        event = Event.objects.get(kind="signature.made", subject=f"signature:{signature.pk}")
        assert event.body is not None
        assert event.body["by"] == f"user:{USER} for {ADA_PARTY}"
        assert event.body["data"]["text_sha256"] == signature.text_sha256
        assert verify_chain().ok

    def test_no_signature_without_its_event_and_no_event_without_its_signature(self) -> None:
        with pytest.raises(LookupError), transaction.atomic():
            sign_as(ada())
            raise LookupError
        assert not Signature.objects.exists()
        assert not Event.objects.exists()


class TestInPerson:
    """New York Fashion Workers Act: a replica needs the model's own written consent; nobody signs for her."""

    @pytest.mark.parametrize(
        "somebody_else",
        [
            Actor.SYSTEM,
            ada(kind="staff", party="platform"),
            ada(kind="system"),
            ada(user_id=None),
            ada(kind=""),
        ],
        ids=["the system", "staff", "a task with a person's name", "nobody in particular", "no kind"],
    )
    def test_nobody_signs_for_her(self, somebody_else: Actor) -> None:
        with pytest.raises(NotAllowed) as caught:
            sign_as(somebody_else)
        assert caught.value.code == "in_person"
        assert not Signature.objects.exists()

    @pytest.mark.parametrize("kind", ["talent", "agency", "brand"])
    def test_each_party_signs_for_itself(self, kind: str) -> None:
        assert sign_as(ada(kind=kind)).party == ADA_PARTY

    @pytest.mark.parametrize("minutes", [None, 16, 24 * 60])
    def test_needs_a_fresh_proof_of_who_she_is(self, minutes: int | None) -> None:
        before = None if minutes is None else timezone.now() - timedelta(minutes=minutes)
        with pytest.raises(NotAllowed) as caught:
            sign_as(ada(stepped_up_at=before))
        assert caught.value.code == "step_up"
        assert not Signature.objects.exists()

    def test_fourteen_minutes_are_fresh_enough(self) -> None:
        assert sign_as(ada(stepped_up_at=timezone.now() - timedelta(minutes=14)))

    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_nobody_signs_an_empty_page(self, text: str) -> None:
        with pytest.raises(InvalidInput):
            sign_as(ada(), text)


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE signatures_signature SET text = 'I agree to everything'",
            "UPDATE signatures_signature SET party = 'platform'",
            "DELETE FROM signatures_signature",
            "TRUNCATE signatures_signature CASCADE",
        ],
    )
    def test_the_database_refuses(self, statement: str) -> None:
        signature = sign_as(ada())
        with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL double.allow_truncate = 'off'")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
        assert caught.value.__cause__.sqlstate == "23514"  # type: ignore[union-attr]
        assert Signature.objects.get(pk=signature.pk).text == TEXT
