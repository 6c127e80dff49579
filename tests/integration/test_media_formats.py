"""Pictures in the form that a browser takes, and their colours until they are there."""

import base64
import io
from unittest import mock

import pytest
from django.test import Client
from PIL import Image

from apps.media import services, tasks
from apps.media.models import StoredFile
from apps.media.renditions import AS_AVIF
from apps.media.services import store
from apps.media.signing import signed_url
from apps.media.wiping import wipe_bytes
from apps.portal.pictures import picture

pytestmark = pytest.mark.django_db

CHROMIUM = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
OLD = "image/webp,*/*"
TWIN = "twin:ada"


def portrait(*, twin_ref: str = "") -> StoredFile:
    """Red above, blue below."""
    drawn = Image.new("RGB", (1080, 1350), "#c02020")
    drawn.paste("#2020c0", (0, 675, 1080, 1350))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=92)
    return store(data=out.getvalue(), kind="cover", owner="talent:ada", content_type="image/jpeg", twin_ref=twin_ref)


def look_at(client: Client, file: StoredFile, accept: str, rendition: str = "w640") -> tuple[str, str]:
    """The type that the answer tells, and the one that it is."""
    answer = client.get(signed_url(file, seconds=600, rendition=rendition), headers={"accept": accept})
    assert answer.status_code == 200
    assert "Accept" in answer.headers["Vary"]
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert shown.width == int(rendition.removeprefix("preview").removeprefix("w"))
        return answer.headers["Content-Type"], Image.MIME[shown.format]


@pytest.mark.parametrize("twin_ref", ["", TWIN], ids=["plain", "encrypted"])
def test_the_first_look_shows_webp_and_the_next_one_avif(client: Client, twin_ref: str) -> None:
    file = portrait(twin_ref=twin_ref)
    with mock.patch.object(tasks.make_avif, "delay") as asked_for:
        assert look_at(client, file, CHROMIUM) == ("image/webp", "image/webp")
        assert look_at(client, file, CHROMIUM) == ("image/webp", "image/webp")
    asked_for.assert_called_once_with(str(file.pk), "w640")

    tasks.make_avif(*asked_for.call_args.args)
    assert look_at(client, file, CHROMIUM) == ("image/avif", "image/avif")
    assert look_at(client, file, OLD) == ("image/webp", "image/webp")


def test_what_takes_no_avif_asks_for_none(client: Client) -> None:
    with mock.patch.object(tasks.make_avif, "delay") as asked_for:
        look_at(client, portrait(), OLD)
        look_at(client, portrait(), CHROMIUM, rendition="preview640")  # short-lived: not worth the work
    asked_for.assert_not_called()


def test_an_avif_is_made_in_the_request_of_nobody(client: Client) -> None:
    file = portrait()
    with mock.patch.object(tasks.make_avif, "delay"):
        look_at(client, file, CHROMIUM)
    assert not file.renditions.filter(name__in=AS_AVIF.values()).exists()


def test_a_picture_comes_with_its_colours_and_loses_them_when_it_is_wiped() -> None:
    file = portrait(twin_ref=TWIN)
    with Image.open(io.BytesIO(base64.b64decode(picture(file).wash))) as wash:
        assert wash.size == (4, 5), "more would tell something of a face"
        above, below = (wash.convert("RGB").getpixel(place) for place in ((1, 0), (1, 4)))
    assert above[0] > above[2] and below[2] > below[0]

    services.delete(file)
    wipe_bytes(file)
    file.refresh_from_db()
    assert file.wash == ""


def test_what_is_no_picture_has_no_colours() -> None:
    memo = store(data=b"%PDF-1.7", kind="memo", owner="talent:ada", content_type="application/pdf")
    assert memo.wash == ""
