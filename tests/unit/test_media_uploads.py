"""Uploads: whatever people or attackers send becomes a clean picture of ours or a sentence that helps."""

import io
from collections.abc import Callable

import pillow_heif
import pytest
from PIL import Image, ImageCms

from apps.media.uploads import CleanImage, Unusable, sanitise
from tests.factories.uploads import BOMB, chunk, encoded, phone_exif, png


@pytest.fixture(scope="module")
def photograph() -> Image.Image:
    return Image.effect_noise((320, 240), 60).convert("RGB")


def reopened(clean: CleanImage) -> Image.Image:
    picture = Image.open(io.BytesIO(clean.data))
    picture.load()
    assert picture.size == (clean.width, clean.height)
    return picture


class TestWhatBecomesAPicture:
    def test_a_phone_jpeg_is_turned_upright_and_forgets_where_it_was_taken(self, photograph: Image.Image) -> None:
        clean = sanitise(encoded(photograph, exif=phone_exif()))
        assert (clean.content_type, clean.width, clean.height) == ("image/jpeg", 240, 320)
        assert dict(reopened(clean).getexif()) == {}
        assert b"Phone" not in clean.data

    @pytest.mark.parametrize(
        ("name", "spoil"),
        [
            ("polyglot tail", lambda raw: raw + b"<script>alert(1)</script><?php system($_GET[0]);?>PK\x03\x04"),
            ("comment", lambda raw: raw[:2] + b"\xff\xfe\x00\x1b<script>alert(1)</script>"[:29] + raw[2:]),
        ],
    )
    def test_nothing_that_travels_in_the_file_survives(
        self, photograph: Image.Image, name: str, spoil: Callable[[bytes], bytes]
    ) -> None:
        raw = spoil(encoded(photograph))
        assert b"<script" in raw
        clean = sanitise(raw)
        assert b"<script" not in clean.data
        assert b"<?php" not in clean.data
        assert clean.data.endswith(b"\xff\xd9")

    def test_the_first_frame_of_a_phones_mpo_is_the_photograph(self, photograph: Image.Image) -> None:
        depth_map = Image.new("RGB", (160, 120))
        clean = sanitise(encoded(photograph, "MPO", save_all=True, append_images=[depth_map]))
        assert (clean.width, clean.height) == (320, 240)
        assert getattr(reopened(clean), "n_frames", 1) == 1

    def test_a_printers_cmyk_jpeg_becomes_rgb(self, photograph: Image.Image) -> None:
        assert reopened(sanitise(encoded(photograph.convert("CMYK")))).mode == "RGB"

    def test_heic_from_an_iphone(self, photograph: Image.Image) -> None:
        out = io.BytesIO()
        pillow_heif.from_pillow(photograph).save(out)
        clean = sanitise(out.getvalue())
        assert (clean.content_type, clean.width, clean.height) == ("image/jpeg", 320, 240)

    def test_webp(self, photograph: Image.Image) -> None:
        assert sanitise(encoded(photograph, "WEBP")).content_type == "image/jpeg"

    def test_a_cut_out_product_keeps_its_transparency(self) -> None:
        product = Image.new("RGBA", (64, 64), (200, 10, 10, 255))
        product.paste((0, 0, 0, 0), (0, 0, 32, 64))
        clean = sanitise(encoded(product, "PNG"))
        assert clean.content_type == "image/png"
        assert reopened(clean).getpixel((0, 0))[3] == 0  # type: ignore[index]

    def test_an_alpha_channel_that_hides_nothing_becomes_a_jpeg(self) -> None:
        assert sanitise(encoded(Image.new("RGBA", (64, 64), "red"), "PNG")).content_type == "image/jpeg"

    def test_an_embedded_profile_is_applied_and_dropped(self, photograph: Image.Image) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        assert "icc_profile" not in reopened(sanitise(encoded(photograph, icc_profile=profile))).info

    @pytest.mark.parametrize(
        "profile",
        [b"not a profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()],
        ids=["broken", "for other channels"],
    )
    def test_an_unusable_profile_costs_nobody_the_picture(self, photograph: Image.Image, profile: bytes) -> None:
        assert sanitise(encoded(photograph, icc_profile=profile)).width == 320


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("code", "message", "raw"),
        [
            ("too_many_pixels", "more than 60 megapixels", png(20_000, 20_000, body=b"")),
            ("too_many_pixels", "more than 60 megapixels", png(10_000, 9_000, body=b"")),
            ("too_many_pixels", "more than 60 megapixels", png(10_000, 6_001, body=b"")),
            ("damaged", "damaged or incomplete", png(100, 100, extra=chunk(b"zTXt", b"k\0\0" + BOMB))),
            ("damaged", "damaged or incomplete", png(100, 100, extra=chunk(b"iCCP", b"p\0\0" + BOMB))),
            ("damaged", "damaged or incomplete", png(100, 100, body=b"\x78\x9c")),
            ("too_small", "only 1 × 1 pixels", png(1, 1)),
            ("too_small", "only 60000 × 1 pixels", png(60_000, 1)),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", b"<html><script>alert(1)</script>"),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", b"PK\x03\x04<?php system($_GET[0]);?>"),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", encoded(Image.new("RGB", (64, 64)), "GIF")),
            ("not_a_picture", "not a JPEG, PNG, WebP or HEIC", encoded(Image.new("RGB", (64, 64)), "TIFF")),
            ("empty", "file is empty", b""),
            ("too_large", "larger than 30 MB", b"\xff\xd8" + bytes(31 << 20)),
        ],
        ids=[
            "400 megapixels", "90 megapixels", "just over 60", "zTXt bomb", "iCCP bomb", "PNG without pixels",
            "1x1", "60000x1", "svg", "html named jpg", "eps", "zip and php", "gif", "tiff", "empty", "31 MB",
        ],
    )  # fmt: skip
    def test_with_a_sentence_that_says_what_is_wrong(self, code: str, message: str, raw: bytes) -> None:
        with pytest.raises(Unusable, match=message) as caught:
            sanitise(raw)
        assert caught.value.code == code

    def test_a_truncated_jpeg(self, photograph: Image.Image) -> None:
        with pytest.raises(Unusable, match="damaged or incomplete"):
            sanitise(encoded(photograph)[:3000])

    @pytest.mark.parametrize("format", ["WEBP", "PNG"])
    def test_a_moving_picture(self, photograph: Image.Image, format: str) -> None:
        frames = [photograph.rotate(angle) for angle in (5, 10)]
        with pytest.raises(Unusable, match="moves or has several pages"):
            sanitise(encoded(photograph, format, save_all=True, append_images=frames))
