"""Files: stored privately, seen through signed addresses only, gone when deleted."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.storage import default_storage
from django.core.signing import Signer
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops, ImageStat
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from apps.common.errors import InvalidInput
from apps.media import contents, renditions, tasks, vault
from apps.media.models import Rendition, StoredFile
from apps.media.services import delete, read, store
from apps.media.signing import signed_url
from apps.media.wiping import to_wipe

ADA = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
ADAS_TWIN = "twin:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"

pytestmark = pytest.mark.django_db


def jpeg(size: tuple[int, int] = (1080, 1350), colour: str = "#8a7f74") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", quality=92)
    return out.getvalue()


def candidate(data: bytes | None = None) -> StoredFile:
    return store(data=data or jpeg(), kind="candidate", owner=ADA, content_type="image/jpeg")


def capture() -> StoredFile:
    return store(data=jpeg(), kind="capture", owner=ADA, content_type="image/jpeg", twin_ref=ADAS_TWIN)


def picture_in(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def body(client: Client, url: str) -> bytes:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content


class TestStoring:
    def test_a_picture_is_measured_and_read_back(self) -> None:
        data = jpeg()
        file = candidate(data)
        assert (file.width, file.height, file.size, file.encrypted) == (1080, 1350, len(data), False)
        assert read(StoredFile.objects.get(pk=file.pk)) == data

    def test_a_document_has_no_size_in_pixels(self) -> None:
        memo = store(data=b"%PDF-1.7 memo", kind="memo", owner=ADA, content_type="application/pdf")
        assert not memo.is_picture
        assert read(memo) == b"%PDF-1.7 memo"

    def test_a_capture_rests_encrypted_with_its_renditions(self) -> None:
        data = jpeg()
        file = store(data=data, kind="capture", owner=ADA, content_type="image/jpeg", twin_ref=ADAS_TWIN)
        small = renditions.rendition(file, "w320")
        for name in (file.storage_name, small.storage_name):
            with default_storage.open(name, "rb") as kept, pytest.raises(Image.UnidentifiedImageError):
                Image.open(io.BytesIO(kept.read()))
        assert read(file) == data
        assert picture_in(renditions.read_rendition(small)).width == 320

    def test_when_adas_key_is_destroyed_her_captures_cannot_be_read(self) -> None:
        file = capture()
        vault.destroy(ADAS_TWIN)
        with pytest.raises(vault.KeyDestroyed):
            read(file)

    def test_the_database_ties_encryption_to_a_twin(self) -> None:
        file = candidate()
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(encrypted=True)

    def test_renditions_are_made_in_a_task_after_the_commit(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with mock.patch.object(tasks.make_renditions, "delay") as delay:
            with django_capture_on_commit_callbacks(execute=True):
                file = candidate()
                assert not delay.called
            delay.assert_called_once_with(str(file.pk))
        tasks.make_renditions(str(file.pk))
        assert set(file.renditions.values_list("name", flat=True)) == {"w320", "w640", "w1280"}


class TestRenditions:
    @pytest.mark.parametrize(("name", "size"), [("w320", (320, 400)), ("w640", (640, 800)), ("w1280", (1080, 1350))])
    def test_keep_the_proportions_and_never_enlarge(self, name: str, size: tuple[int, int]) -> None:
        made = renditions.rendition(candidate(), name)
        assert (made.width, made.height) == size
        with Image.open(io.BytesIO(renditions.read_rendition(made))) as picture:
            assert (picture.format, picture.size) == ("WEBP", size)

    def test_are_made_once(self) -> None:
        file = candidate()
        assert renditions.rendition(file, "w320").pk == renditions.rendition(file, "w320").pk

    def test_carry_no_metadata(self) -> None:
        exif = Image.Exif()
        exif[0x010F] = "Phone"
        out = io.BytesIO()
        Image.new("RGB", (400, 500)).save(out, "JPEG", exif=exif, xmp=b"<x:xmpmeta/>")
        small = renditions.read_rendition(renditions.rendition(candidate(out.getvalue()), "w320"))
        assert b"Phone" not in small
        assert b"xmpmeta" not in small

    @pytest.mark.parametrize("name", ["preview640", "preview1280"])
    def test_a_preview_is_watermarked_in_every_quarter_and_leaves_the_picture_visible(self, name: str) -> None:
        plain = renditions.rendition(candidate(), name.replace("preview", "w"))
        preview = renditions.rendition(candidate(), name)
        a, b = (picture_in(renditions.read_rendition(made)) for made in (plain, preview))
        difference = ImageChops.difference(a, b).convert("L")
        width, height = difference.size
        for left in (0, width // 2):
            for top in (0, height // 2):
                quarter = difference.crop((left, top, left + width // 2, top + height // 2))
                assert quarter.getextrema()[1] > 25
        assert ImageStat.Stat(difference).mean[0] < 12

    @pytest.mark.parametrize("colour", ["white", "black"])
    def test_the_watermark_is_readable_on_any_ground(self, colour: str) -> None:
        preview = renditions.rendition(candidate(jpeg(colour=colour)), "preview640")
        darkest, lightest = picture_in(renditions.read_rendition(preview)).convert("L").getextrema()
        assert lightest - darkest > 30  # type: ignore[operator]

    def test_there_are_no_others(self) -> None:
        with pytest.raises(InvalidInput):
            renditions.rendition(candidate(), "w9999")

    def test_a_document_has_none(self) -> None:
        memo = store(data=b"%PDF-1.7", kind="memo", owner=ADA, content_type="application/pdf")
        with pytest.raises(InvalidInput):
            renditions.rendition(memo, "w320")


@pytest.mark.django_db(transaction=True)
def test_two_viewers_at_once_make_one_rendition_and_leave_no_stray_bytes(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "base_url": None},
        },
    }
    file = candidate()

    def view(_number: int) -> bytes:
        try:
            return renditions.read_rendition(renditions.rendition(file, "w320"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        seen = set(pool.map(view, range(4)))
    assert len(seen) == 1
    assert Rendition.objects.filter(file=file).count() == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


class TestSignedAddresses:
    def test_shows_the_original_and_forbids_keeping_it(self, client: Client) -> None:
        data = jpeg()
        answer = client.get(signed_url(candidate(data), seconds=60))
        assert answer.content == data
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"] == "inline"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_shows_a_rendition_that_the_browser_may_keep_as_long_as_the_address_lives(self, client: Client) -> None:
        answer = client.get(signed_url(candidate(), seconds=600, rendition="w320"))
        assert answer["Content-Type"] == "image/webp"
        directive, _, seconds = answer["Cache-Control"].partition("max-age=")
        assert directive == "private, "
        assert 0 < int(seconds) <= 600

    def test_a_page_looked_at_twice_uses_the_same_address_for_its_pictures(self) -> None:
        file = candidate()
        now = timezone.now().replace(hour=12, minute=0, second=1)
        with mock.patch("apps.media.signing.true_now", return_value=now):
            first = signed_url(file, seconds=3600, rendition="w320")
        with mock.patch("apps.media.signing.true_now", return_value=now + timedelta(minutes=5)):
            assert signed_url(file, seconds=3600, rendition="w320") == first

    def test_downloads_under_the_given_name(self, client: Client) -> None:
        answer = client.get(signed_url(candidate(), seconds=60, download_as="Ada – Löwe.jpg"))
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Ada")

    def test_an_absolute_address_is_for_other_machines(self, settings: Settings) -> None:
        settings.SITE_URL = "https://double.example/"
        assert signed_url(candidate(), seconds=60, absolute=True).startswith("https://double.example/files/")

    def test_decrypts_a_capture_for_whoever_was_given_the_address(self, client: Client) -> None:
        file = capture()
        assert body(client, signed_url(file, seconds=60)) == read(file)
        assert picture_in(body(client, signed_url(file, seconds=60, rendition="w640"))).width == 640

    def test_an_unknown_rendition_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(ValueError, match="w9999"):
            signed_url(candidate(), seconds=60, rendition="w9999")

    @pytest.mark.parametrize("rendition", ["", "w320"])
    def test_is_over_at_its_time(self, client: Client, rendition: str) -> None:
        url = signed_url(candidate(), seconds=60, rendition=rendition)
        with mock.patch("apps.media.signing.true_now", return_value=timezone.now() + timedelta(seconds=60)):
            assert client.get(url).status_code == 404

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
            lambda token: ("A" if token[0] != "A" else "B") + token[1:],
            lambda token: token.split(":")[0],
            lambda token: token.split(":")[0] + ":",
            lambda token: "x",
            lambda token: "../../etc/passwd",
        ],
        ids=["signature", "content", "unsigned", "empty signature", "nonsense", "path"],
    )
    def test_an_altered_one_finds_nothing(self, client: Client, spoil: Callable[[str], str]) -> None:
        url = signed_url(candidate(), seconds=60)
        token = url.removeprefix("/files/").rstrip("/")
        assert client.get(f"/files/{spoil(token)}/").status_code == 404

    def test_the_signature_of_one_file_does_not_fit_another(self, client: Client) -> None:
        ours, theirs = (signed_url(candidate(), seconds=60).strip("/").split("/")[1].split(":") for _ in range(2))
        assert client.get(f"/files/{theirs[0]}:{ours[1]}/").status_code == 404

    def test_a_token_signed_for_another_purpose_does_not_fit(self, client: Client, settings: Settings) -> None:
        file = candidate()
        expires = int(timezone.now().timestamp()) + 60
        token = Signer(key=settings.FILE_URL_KEY, salt="something else").sign_object([file.pk.hex, "", expires, ""])
        assert client.get(f"/files/{token}/").status_code == 404

    def test_a_deleted_and_a_foreign_file_look_alike(self, client: Client) -> None:
        file = candidate()
        url = signed_url(file, seconds=60)
        delete(file)
        deleted, foreign = client.get(url), client.get("/files/nothing:signed/")
        assert (deleted.status_code, foreign.status_code) == (404, 404)
        assert len(deleted.content) == len(foreign.content)

    def test_after_erasure_the_address_finds_nothing(self, client: Client) -> None:
        url = signed_url(capture(), seconds=60)
        vault.destroy(ADAS_TWIN)
        assert client.get(url).status_code == 404

    def test_a_file_lost_by_the_storage_is_not_found(self, client: Client) -> None:
        file = candidate()
        default_storage.delete(file.storage_name)
        assert client.get(signed_url(file, seconds=60)).status_code == 404

    @pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
    def test_nothing_can_be_sent_to_it(self, client: Client, method: str) -> None:
        assert getattr(client, method)(signed_url(candidate(), seconds=60)).status_code == 405

    def test_nothing_is_listed(self, client: Client) -> None:
        candidate()
        assert client.get("/files/").status_code == 404


class TestDeleting:
    def test_nobody_reads_it_from_the_commit_on_and_its_bytes_follow(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        file = candidate()
        small = renditions.rendition(file, "w320")
        with mock.patch.object(tasks.wipe, "delay") as delay, django_capture_on_commit_callbacks(execute=True):
            delete(file)
        delay.assert_called_once_with(str(file.pk))
        with pytest.raises(contents.Gone):
            read(file)
        assert default_storage.exists(file.storage_name)
        tasks.wipe(str(file.pk))
        assert not default_storage.exists(file.storage_name)
        assert not default_storage.exists(small.storage_name)
        file.refresh_from_db()
        assert file.wiped_at is not None

    def test_undone_with_its_transaction(self) -> None:
        file = candidate()
        with pytest.raises(LookupError), transaction.atomic():
            delete(file)
            raise LookupError
        assert read(StoredFile.objects.get(pk=file.pk))

    def test_a_lost_message_is_found_by_the_sweep(self) -> None:
        file, kept = candidate(), candidate()
        delete(file)
        assert list(to_wipe()) == []
        StoredFile.objects.filter(pk=file.pk).update(deleted_at=timezone.now() - timedelta(hours=1))
        assert list(to_wipe()) == [file]
        with mock.patch.object(tasks.wipe, "delay", side_effect=tasks.wipe) as delay:
            tasks.sweep()
        delay.assert_called_once_with(str(file.pk))
        assert list(to_wipe()) == []
        assert read(kept)

    def test_wiping_again_keeps_the_first_time(self) -> None:
        file = candidate()
        delete(file)
        tasks.wipe(str(file.pk))
        first = StoredFile.objects.get(pk=file.pk).wiped_at
        tasks.wipe(str(file.pk))
        assert StoredFile.objects.get(pk=file.pk).wiped_at == first

    def test_the_database_refuses_a_wiped_file_that_nobody_deleted(self) -> None:
        file = candidate()
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(wiped_at=timezone.now())
