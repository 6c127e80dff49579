"""The vault: one key per twin, bound to its objects; destroying it is the erasure."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connections, transaction
from pytest_django import Settings

from apps.media import vault
from apps.media.models import TwinKey

ADA = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
BO = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a002"
EMBEDDING = b"\x01\x02\x03\x04" * 128


@pytest.mark.django_db
class TestVault:
    def test_what_was_encrypted_for_an_object_opens_for_it(self) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        assert EMBEDDING not in sealed
        assert vault.decrypt(ADA, "photograph-1", sealed) == EMBEDDING

    def test_the_same_bytes_never_look_the_same_twice(self) -> None:
        assert vault.encrypt(ADA, "photograph-1", EMBEDDING) != vault.encrypt(ADA, "photograph-1", EMBEDDING)

    def test_moved_to_another_object_it_does_not_open(self) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        with pytest.raises(vault.Damaged):
            vault.decrypt(ADA, "photograph-2", sealed)

    def test_bos_key_does_not_open_what_is_adas(self) -> None:
        vault.encrypt(BO, "photograph-1", EMBEDDING)
        with pytest.raises(vault.Damaged):
            vault.decrypt(BO, "photograph-1", vault.encrypt(ADA, "photograph-1", EMBEDDING))

    @pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: s[:-1] + bytes([s[-1] ^ 1]), lambda s: b""])
    def test_changed_bytes_do_not_open(self, spoil: object) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        with pytest.raises(vault.Damaged):
            vault.decrypt(ADA, "photograph-1", spoil(sealed))  # type: ignore[operator]

    def test_a_key_row_moved_to_another_twin_does_not_unwrap(self) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        TwinKey.objects.filter(twin_ref=ADA).update(twin_ref=BO)
        with pytest.raises(vault.Damaged):
            vault.decrypt(BO, "photograph-1", sealed)

    def test_the_key_rests_wrapped(self) -> None:
        vault.encrypt(ADA, "photograph-1", EMBEDDING)
        assert len(bytes(TwinKey.objects.get(twin_ref=ADA).wrapped)) == 12 + 32 + 16

    def test_another_master_key_opens_nothing(self, settings: Settings) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        settings.MASTER_KEY = "HhwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEAAAE="
        with pytest.raises(vault.Damaged):
            vault.decrypt(ADA, "photograph-1", sealed)

    def test_a_missing_master_key_is_a_fault_of_the_installation(self, settings: Settings) -> None:
        settings.MASTER_KEY = ""
        with pytest.raises(ImproperlyConfigured):
            vault.encrypt(ADA, "photograph-1", EMBEDDING)


@pytest.mark.django_db
class TestErasure:
    def test_nothing_of_ada_opens_any_more_and_nothing_new_is_kept(self) -> None:
        sealed = vault.encrypt(ADA, "photograph-1", EMBEDDING)
        vault.destroy(ADA)
        with pytest.raises(vault.KeyDestroyed):
            vault.decrypt(ADA, "photograph-1", sealed)
        with pytest.raises(vault.KeyDestroyed):
            vault.encrypt(ADA, "photograph-2", EMBEDDING)
        assert vault.is_destroyed(ADA)
        assert bytes(TwinKey.objects.get(twin_ref=ADA).wrapped) == b""

    def test_bo_is_untouched(self) -> None:
        sealed = vault.encrypt(BO, "photograph-1", EMBEDDING)
        vault.destroy(ADA)
        assert vault.decrypt(BO, "photograph-1", sealed) == EMBEDDING
        assert not vault.is_destroyed(BO)

    def test_destroying_again_keeps_the_first_time(self) -> None:
        vault.encrypt(ADA, "photograph-1", EMBEDDING)
        vault.destroy(ADA)
        first = TwinKey.objects.get(twin_ref=ADA).destroyed_at
        vault.destroy(ADA)
        assert TwinKey.objects.get(twin_ref=ADA).destroyed_at == first

    def test_the_database_refuses_a_destroyed_key_that_still_holds_bytes(self) -> None:
        vault.encrypt(ADA, "photograph-1", EMBEDDING)
        vault.destroy(ADA)
        with pytest.raises(IntegrityError), transaction.atomic():
            TwinKey.objects.filter(twin_ref=ADA).update(wrapped=b"back again")


@pytest.mark.django_db(transaction=True)
def test_two_first_uploads_at_once_share_one_key() -> None:
    def upload(number: int) -> bytes:
        try:
            return vault.encrypt(ADA, str(number), EMBEDDING)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        sealed = list(pool.map(upload, range(6)))
    assert TwinKey.objects.filter(twin_ref=ADA).count() == 1
    assert [vault.decrypt(ADA, str(number), data) for number, data in enumerate(sealed)] == [EMBEDDING] * 6
