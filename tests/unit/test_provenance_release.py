"""A released picture carries its label and its facts, nothing of its past, and was read back before it left."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.PngImagePlugin import PngInfo

from apps.common.errors import InvalidInput
from apps.integrations.c2pa.signer import sign
from apps.provenance import jpeg, xmp
from apps.provenance.check import NotReleasable, check
from apps.provenance.facts import Corner, ReleaseFacts
from apps.provenance.label import MIN_CONTRAST, burn, contrast, luminance
from apps.provenance.manifest import manifest_of
from apps.provenance.pixels import encode
from apps.provenance.properties import properties_of
from apps.provenance.services import Released, release

FACTS = ReleaseFacts(
    deliverable_id="8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001",
    licence_id="7K3QXYZ",
    licence_url="https://double.example/licences/7K3QXYZ/",
    model_name="Ada Løwe",
    agency_name="North & Co",
    brand_name="Sol <Sea>",
    usage_terms="E-commerce; Germany; 2026-11-23 to 2027-11-22",
    licence_ends=date(2027, 11, 22),
    release_ids=("consent-generate", "consent-publish"),
    digital_source_type="compositeWithTrainedAlgorithmicMedia",
    engine="Double preview engine",
    engine_version="1.2-rc",
    label_text="AI-made picture · digital twin of Ada Løwe",
    credits=(("Photographer", "Odile <M>"), ("Stylist", "Tomás Varga"), ("Nails", "Bo")),
)
SIZE = (1080, 1350)
EXIFTOOL = shutil.which("exiftool")


def png(colour: str | Image.Image = "#8a7f74", size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    picture = colour if isinstance(colour, Image.Image) else Image.new("RGB", size, colour)
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def released() -> Released:
    return release(picture=png(), facts=FACTS)


def unsigned() -> bytes:
    """The released picture as it is just before the signature."""
    return encode(Image.new("RGB", SIZE, "#8a7f74"), xmp.write(properties_of(FACTS)))


@pytest.fixture(scope="module")
def told(released: Released, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What an independent reader finds in the file."""
    if EXIFTOOL is None:
        pytest.skip("needs exiftool (Debian package libimage-exiftool-perl)")
    path = tmp_path_factory.mktemp("released") / "picture.jpg"
    path.write_bytes(released.data)
    command = [EXIFTOOL, "-json", "-struct", "-n", "-G1", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout)[0])


class TestMetadata:
    """IPTC and PLUS fields, read by exiftool: EU AI Act art. 50, machine-readable mark; IPTC 2025.1."""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            (
                "XMP-iptcExt:DigitalSourceType",
                "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
            ),
            ("XMP-iptcExt:AISystemUsed", "Double preview engine"),
            ("XMP-iptcExt:AISystemVersionUsed", "1.2-rc"),
            ("XMP-iptcExt:DigitalImageGUID", "urn:uuid:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"),
            ("XMP-iptcExt:PersonInImage", ["Ada Løwe (digital twin)"]),
            ("XMP-xmpRights:WebStatement", "https://double.example/licences/7K3QXYZ/"),
            ("XMP-xmpRights:UsageTerms", "E-commerce; Germany; 2026-11-23 to 2027-11-22"),
            ("XMP-plus:LicenseID", "7K3QXYZ"),
            ("XMP-plus:LicenseEndDate", "2027:11:22"),
            ("XMP-plus:Licensee", [{"LicenseeName": "Sol <Sea>"}]),
            ("XMP-plus:ModelReleaseID", ["consent-generate", "consent-publish"]),
            ("XMP-dc:Description", "AI-made picture · digital twin of Ada Løwe"),
        ],
    )
    def test_says(self, told: dict[str, Any], field: str, value: object) -> None:
        assert told[field] == value

    @pytest.mark.parametrize(
        ("field", "code"),
        [
            ("DataMining", "DMI-PROHIBITED-GENAIMLTRAINING"),
            ("ModelReleaseStatus", "MR-LMR"),
            ("MinorModelAgeDisclosure", "AG-UNK"),
        ],
    )
    def test_says_in_the_words_of_plus(self, told: dict[str, Any], field: str, code: str) -> None:
        assert str(told[f"XMP-plus:{field}"]).endswith(code)

    def test_names_who_licenses(self, told: dict[str, Any]) -> None:
        assert [row["LicensorName"] for row in told["XMP-plus:Licensor"]] == ["Ada Løwe", "North & Co"]

    def test_credits_the_crew(self, told: dict[str, Any]) -> None:
        """Product.md 14, crew line: the photographer is IPTC's creator, everybody else a contributor."""
        assert told["XMP-dc:Creator"] == ["Odile <M>", "Double"]
        named = [row["Name"] for row in told["XMP-iptcExt:Contributor"]]
        assert named == ["Tomás Varga (Stylist)", "Bo (Nails)"]

    def test_without_a_crew_nobody_is_named(self) -> None:
        said = properties_of(replace(FACTS, credits=()))
        assert "Iptc4xmpExt:Contributor" not in said and said["dc:creator"] == xmp.Items(("Double",), ordered=True)

    def test_keeps_the_brief_to_itself(self, told: dict[str, Any]) -> None:
        assert not [field for field in told if "Prompt" in field]

    def test_a_model_without_agency_licenses_alone(self) -> None:
        alone = properties_of(replace(FACTS, agency_name=""))
        licensor = alone["plus:Licensor"]
        assert isinstance(licensor, xmp.Structures)
        assert len(licensor.rows) == 1

    @pytest.mark.parametrize(("age", "code"), [(18, "AG-A18"), (24, "AG-A24"), (25, "AG-A25"), (61, "AG-A25")])
    def test_a_known_age_is_disclosed_as_plus_asks(self, age: int, code: str) -> None:
        said = properties_of(replace(FACTS, model_age=age))["plus:MinorModelAgeDisclosure"]
        assert said == f"http://ns.useplus.org/ldf/vocab/{code}"

    def test_strange_names_are_read_back_as_written(self) -> None:
        name = 'A\x00da <&> "O\'Neil" ]]> \u202e–\r\n李'
        said = properties_of(replace(FACTS, model_name=name, brand_name=name))
        assert xmp.read(xmp.write(said)) == said


class TestFile:
    def test_is_a_jpeg_of_the_same_size(self, released: Released) -> None:
        with Image.open(io.BytesIO(released.data)) as picture:
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", SIZE)
        assert (released.width, released.height) == SIZE
        assert len(released.sha256) == 64

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_no_byte_of_the_reference_photographs_metadata_survives(self, kind: str) -> None:
        exif = Image.Exif()
        exif[0x010F] = "SECRET-CAMERA"
        exif[0x9286] = "SECRET-COMMENT"
        options: dict[str, Any] = {"exif": exif, "xmp": b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>", "comment": b"SECRET-NOTE"}
        if kind == "PNG":
            chunks = PngInfo()
            chunks.add_text("Author", "SECRET-AUTHOR")
            options = {"exif": exif, "pnginfo": chunks, "icc_profile": b"SECRET-PROFILE"}
        out = io.BytesIO()
        Image.new("RGB", (600, 750), "#445566").save(out, kind, **options)
        dirty = out.getvalue() + b"SECRET-TAIL"
        assert b"SECRET" in dirty
        assert b"SECRET" not in release(picture=dirty, facts=FACTS).data

    def test_what_is_transparent_becomes_white(self) -> None:
        data = release(picture=png(Image.new("RGBA", SIZE, (0, 0, 0, 0))), facts=FACTS).data
        assert Image.open(io.BytesIO(data)).convert("RGB").getpixel((540, 200)) == (255, 255, 255)

    def test_what_is_no_picture_is_refused(self) -> None:
        with pytest.raises(OSError):
            release(picture=b"<svg/>", facts=FACTS)


class TestCheckBeforeRelease:
    def check(self, data: bytes, size: tuple[int, int] = SIZE, **changes: Any) -> None:
        check(data, facts=replace(FACTS, **changes), size=size)

    def test_passes_what_was_just_written(self, released: Released) -> None:
        self.check(released.data)

    def test_another_licence_in_the_metadata(self, released: Released) -> None:
        with pytest.raises(NotReleasable, match="plus:LicenseEndDate reads back as '2027-11-22'"):
            self.check(released.data, licence_ends=date(2099, 1, 1))

    def test_a_field_that_is_missing_and_one_too_many(self) -> None:
        named, unnamed = (release(picture=png(), facts=replace(FACTS, engine_version=v)).data for v in ("2", ""))
        with pytest.raises(NotReleasable, match="AISystemVersionUsed reads back as None"):
            self.check(unnamed, engine_version="2")
        with pytest.raises(NotReleasable, match="AISystemVersionUsed reads back as '2'"):
            self.check(named, engine_version="")

    def test_bytes_behind_the_picture(self, released: Released) -> None:
        for tail in (b"<?php", released.data, b"\xff\xd9"):
            with pytest.raises(NotReleasable, match="behind"):
                self.check(released.data + tail)

    def test_a_foreign_segment(self, released: Released) -> None:
        comment = b"\xff\xfe\x00\x07hello"
        with pytest.raises(NotReleasable, match="unexpected segment 0xfe"):
            self.check(released.data[:2] + comment + released.data[2:])

    def test_a_second_packet(self, released: Released) -> None:
        packet = jpeg.XMP_HEADER + xmp.write({"dc:rights": xmp.Alternatives("mine")})
        segment = b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet
        with pytest.raises(NotReleasable, match="exactly one"):
            self.check(released.data[:2] + segment + released.data[2:])

    def test_no_packet(self, released: Released) -> None:
        without = [segment for segment in jpeg.segments(released.data) if segment.marker != jpeg.APP1]
        scan = released.data[2 + sum(len(segment.payload) + 4 for segment in jpeg.segments(released.data)) :]
        data = b"\xff\xd8" + b"".join(
            bytes((0xFF, segment.marker)) + (len(segment.payload) + 2).to_bytes(2, "big") + segment.payload
            for segment in without
        )
        with pytest.raises(NotReleasable, match="exactly one"):
            self.check(data + scan)

    def test_another_size(self, released: Released) -> None:
        with pytest.raises(NotReleasable, match="reopens as"):
            self.check(released.data, size=(1, 1))

    def test_an_unsigned_file(self) -> None:
        with pytest.raises(NotReleasable, match="the signature cannot be read"):
            self.check(unsigned())

    def test_a_signed_licence_that_says_something_else_than_the_metadata(self) -> None:
        other = manifest_of(replace(FACTS, licence_ends=date(2099, 1, 1)))
        with pytest.raises(NotReleasable, match="signed licence is not the one"):
            self.check(sign(unsigned(), other))

    def test_a_licence_that_was_only_gathered(self) -> None:
        gathered = manifest_of(FACTS)
        del gathered["assertions"][2]["created"]
        with pytest.raises(NotReleasable, match="signed licence is not the one"):
            self.check(sign(unsigned(), gathered))

    def test_another_signed_source_type(self) -> None:
        other = manifest_of(replace(FACTS, digital_source_type="trainedAlgorithmicMedia"))
        with pytest.raises(NotReleasable, match="signed source type"):
            self.check(sign(unsigned(), other))

    def test_pixels_changed_after_signing(self, released: Released) -> None:
        at = len(released.data) - 500
        spoilt = released.data[:at] + bytes([released.data[at] ^ 1]) + released.data[at + 1 :]
        with pytest.raises(NotReleasable, match="Invalid"):
            self.check(spoilt)


class TestPacketsOfStrangers:
    @pytest.mark.parametrize(
        "packet",
        [
            b"",
            b"not xml",
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
            b"<x>" + b"a" * 70_000 + b"</x>",
        ],
        ids=["empty", "nonsense", "entities", "huge"],
    )
    def test_are_not_read(self, packet: bytes) -> None:
        with pytest.raises(xmp.NotReadable):
            xmp.read(packet)


class TestFacts:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("digital_source_type", "digitalCapture"),
            ("digital_source_type", ""),
            ("label_text", "  "),
            ("label_corner", "middle"),
            ("release_ids", ()),
            ("model_age", 17),
        ],
    )
    def test_nothing_is_released_without_true_source_label_and_consent(self, field: str, value: object) -> None:
        with pytest.raises(InvalidInput) as caught:
            replace(FACTS, **{field: value})  # type: ignore[arg-type]
        assert caught.value.field == field


class TestLabel:
    """EU AI Act art. 50 and the New York synthetic performer disclosure: visible at first exposure."""

    def noise(self) -> Image.Image:
        return Image.effect_noise(SIZE, 90).convert("RGB")

    @pytest.mark.parametrize("ground", ["white", "black", "#808080", "#e23b1c", "#f6c416", "#1030a0", "noise"])
    def test_is_readable_on_any_ground(self, ground: str) -> None:
        picture = self.noise() if ground == "noise" else Image.new("RGB", SIZE, ground)
        burnt = burn(picture, FACTS.label_text, Corner.BOTTOM_LEFT)
        assert burnt.contrast >= MIN_CONTRAST
        darkest, lightest = burnt.picture.crop(burnt.box).convert("L").getextrema()
        grey = [luminance((level, level, level)) for level in (darkest, lightest)]  # type: ignore[arg-type]
        assert contrast(*grey) >= MIN_CONTRAST

    @pytest.mark.parametrize("corner", Corner.values)
    def test_stays_in_its_corner_and_leaves_the_rest_alone(self, corner: str) -> None:
        picture = Image.new("RGB", SIZE, "#8a7f74")
        burnt = burn(picture, FACTS.label_text, corner)
        changed = ImageChops.difference(picture, burnt.picture).getbbox()
        assert changed is not None
        assert (changed[0] < SIZE[0] / 2, changed[1] > SIZE[1] / 2) == (
            corner.endswith("left"),
            corner.startswith("bottom"),
        )
        width, height = burnt.box[2] - burnt.box[0], burnt.box[3] - burnt.box[1]
        assert width * height < 0.04 * SIZE[0] * SIZE[1]

    @pytest.mark.parametrize("size", [(1080, 1080), (1080, 1920), (1920, 1080), (320, 400), (64, 64)])
    def test_fits_every_format(self, size: tuple[int, int]) -> None:
        burnt = burn(Image.new("RGB", size, "white"), FACTS.label_text, Corner.TOP_RIGHT)
        left, top, right, bottom = burnt.box
        assert 0 <= left < right <= size[0]
        assert 0 <= top < bottom <= size[1]

    def test_a_long_wording_takes_several_lines(self) -> None:
        french = "Image créée par intelligence artificielle · double numérique de Ada Løwe · silhouette retouchée"
        one, many = (burn(Image.new("RGB", SIZE), text, Corner.BOTTOM_LEFT).box for text in ("AI", french * 2))
        assert many[3] - many[1] > 2 * (one[3] - one[1])

    def test_survives_the_jpeg(self, released: Released) -> None:
        plain = Image.new("RGB", SIZE, "#8a7f74")
        box = burn(plain, FACTS.label_text, Corner.BOTTOM_LEFT).box
        delivered = Image.open(io.BytesIO(released.data)).convert("RGB")
        label = delivered.crop(box).convert("L")
        assert ImageStat.Stat(label).stddev[0] > 20
        above = (box[0], box[1] - 100, box[2], box[1] - 20)
        assert ImageStat.Stat(delivered.crop(above).convert("L")).stddev[0] < 2
