"""Content Credentials: only what our chain signed counts, and reading a stranger's file harms nobody."""

import io
import random
import socket
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image
from pytest_django import Settings

from apps.integrations import private_chain
from apps.integrations.c2pa import chain as chains
from apps.integrations.c2pa import reader, stamping
from apps.integrations.c2pa.errors import SigningFailed, Unreadable
from apps.integrations.c2pa.signer import sign
from apps.provenance import jpeg, xmp
from apps.provenance.facts import ReleaseFacts
from apps.provenance.manifest import LICENCE, TRAINING, licence_of, manifest_of
from apps.provenance.pixels import encode

FACTS = ReleaseFacts(
    deliverable_id="8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001",
    licence_id="7K3QXYZ",
    licence_url="https://double.example/licences/7K3QXYZ/",
    model_name="Ada Løwe",
    agency_name="North & Co",
    brand_name="Sol & Sea",
    usage_terms="E-commerce; Germany; until 2027-11-22",
    licence_ends=date(2027, 11, 22),
    release_ids=("consent-generate",),
    digital_source_type="compositeWithTrainedAlgorithmicMedia",
    engine="Double preview engine",
    label_text="AI-made picture",
)


def unsigned(colour: str = "#8a7f74", provenance: str = "") -> bytes:
    packet = xmp.write({"dc:creator": xmp.Items(("Double",), ordered=True)})
    if provenance:
        link = f'<dcterms:provenance xmlns:dcterms="http://purl.org/dc/terms/">{provenance}</dcterms:provenance>'
        packet = packet.replace(b"</rdf:Description>", link.encode() + b"</rdf:Description>")
    return encode(Image.new("RGB", (640, 800), colour), packet)


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign(unsigned(), manifest_of(FACTS))


def with_credentials_of(donor: bytes, picture: bytes) -> bytes:
    """The donor's signature segments in front of another picture."""
    ours = b"".join(
        b"\xff\xeb" + (len(segment.payload) + 2).to_bytes(2, "big") + segment.payload
        for segment in jpeg.segments(donor)
        if segment.marker == jpeg.APP11
    )
    return picture[:2] + ours + picture[2:]


class TestSigning:
    def test_the_signature_says_whose_picture_under_which_licence(self, signed: bytes) -> None:
        credentials = reader.read(signed, "image/jpeg")
        assert credentials.is_trusted
        assert credentials.issuer == "Double"
        assert credentials.assertions[LICENCE].data == licence_of(FACTS)
        assert credentials.failures == ()

    def test_every_statement_is_our_own(self, signed: bytes) -> None:
        assert all(assertion.created for assertion in reader.read(signed, "image/jpeg").assertions.values())

    def test_training_on_it_is_not_allowed(self, signed: bytes) -> None:
        entries = reader.read(signed, "image/jpeg").assertions[TRAINING].data["entries"]
        assert {entry["use"] for entry in entries.values()} == {"notAllowed"}

    def test_it_is_stamped_with_the_time_so_that_it_outlives_the_certificate(self, signed: bytes) -> None:
        stamped_at = reader.read(signed, "image/jpeg").stamped_at
        assert stamped_at is not None
        assert abs(time.time() - stamped_at.timestamp()) < 300

    def test_it_costs_at_most_20_kilobytes_and_embeds_no_thumbnail(self, signed: bytes) -> None:
        assert len(signed) - len(unsigned()) <= 20_000
        assert b"c2pa.thumbnail" not in signed

    def test_both_readers_agree(self, signed: bytes) -> None:
        assert reader.read_own(signed, "image/jpeg") == reader.read(signed, "image/jpeg")

    def test_without_a_time_stamp_nothing_is_signed(self) -> None:
        broken = mock.patch.object(stamping, "stamp", return_value=b"no stamp")
        with broken, pytest.raises(SigningFailed):
            sign(unsigned(), manifest_of(FACTS))


class TestChain:
    def test_is_made_once_and_its_keys_are_for_us_alone(self, settings: Settings, tmp_path: Path) -> None:
        settings.C2PA_PRIVATE_CHAIN = str(tmp_path / "state" / "c2pa")
        first = chains.current().certificates.read_bytes()
        assert chains.current().certificates.read_bytes() == first
        assert {path.stat().st_mode & 0o077 for path in (chains.current().key, chains.current().stamp_key)} == {0}
        assert [path.name for path in (tmp_path / "state").iterdir()] == ["c2pa"]

    def test_two_processes_at_once_keep_one(self, tmp_path: Path) -> None:
        folder = tmp_path / "c2pa"
        private_chain.make_once(folder, chains.PICTURES)
        kept = (folder / "signing.pem").read_bytes()
        private_chain.make_once(folder, chains.PICTURES)
        assert (folder / "signing.pem").read_bytes() == kept
        assert [path.name for path in tmp_path.iterdir()] == ["c2pa"]

    def test_production_names_its_own(self, settings: Settings) -> None:
        settings.C2PA_CERTIFICATES, settings.C2PA_KEY = "/etc/double/signing.pem", "/etc/double/signing.key"
        settings.C2PA_ANCHORS, settings.C2PA_TIMESTAMP_URL = "/etc/double/root.pem", "https://time.example"
        chain = chains.current()
        assert (chain.certificates, chain.key) == (Path("/etc/double/signing.pem"), Path("/etc/double/signing.key"))
        with stamping.stamping_url(chain) as url:
            assert url == "https://time.example"


class TestForgeries:
    def test_a_rogue_authority_with_our_names_is_not_trusted(self, tmp_path: Path) -> None:
        with mock.patch.object(chains, "current", return_value=private_chain.make(tmp_path, chains.PICTURES)):
            forged = sign(unsigned(), manifest_of(FACTS))
            assert reader.read(forged, "image/jpeg").is_trusted
        credentials = reader.read(forged, "image/jpeg")
        assert credentials.issuer == "Double"
        assert not credentials.is_trusted
        assert credentials.stamped_at is None

    def test_a_signature_moved_to_another_picture(self, signed: bytes) -> None:
        moved = with_credentials_of(signed, unsigned("#e23b1c"))
        assert not reader.read(moved, "image/jpeg").is_trusted

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [(b"7K3QXYZ", b"9X9XXXX"), (b"2027-11-22", b"2099-11-22"), (b"Sol & Sea", b"Sol & Sun")],
        ids=["another licence", "a later end", "another brand"],
    )
    def test_an_edited_statement(self, signed: bytes, ours: bytes, theirs: bytes) -> None:
        assert ours in signed
        assert not reader.read(signed.replace(ours, theirs), "image/jpeg").is_trusted

    def test_no_mutant_of_the_manifest_says_something_else_and_is_trusted(self, signed: bytes) -> None:
        meant = licence_of(FACTS)
        chance = random.Random(20_261_123)
        end = 2 + sum(len(segment.payload) + 4 for segment in jpeg.segments(signed))
        for _ in range(500):
            at = chance.randrange(22, end)
            mutant = signed[:at] + bytes([signed[at] ^ (1 << chance.randrange(8))]) + signed[at + 1 :]
            try:
                credentials = reader.read_own(mutant, "image/jpeg")
            except Unreadable:
                continue
            said = credentials.assertions.get(LICENCE)
            assert not credentials.is_trusted or (said is not None and said.data == meant), at


class TestReadingStrangers:
    def test_a_picture_without_credentials(self) -> None:
        with pytest.raises(Unreadable):
            reader.read(unsigned(), "image/jpeg")

    @pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xd9", b"<svg/>", b"\xff\xd8" + b"\xff" * 5000])
    def test_what_is_no_picture(self, data: bytes) -> None:
        with pytest.raises(Unreadable):
            reader.read(data, "image/jpeg")

    def test_one_that_eats_memory_ends_alone_and_soon(self, tmp_path: Path) -> None:
        greedy = tmp_path / "child.py"
        greedy.write_text(
            reader.CHILD.read_text().replace("told = read(", "hoard = bytearray(2 << 30)\n    told = read(")
        )
        (tmp_path / "context.py").write_text(reader.CHILD.with_name("context.py").read_text())
        with mock.patch.object(reader, "CHILD", greedy), pytest.raises(Unreadable):
            reader.read(unsigned(), "image/jpeg")

    def test_one_that_never_ends_is_stopped(self, tmp_path: Path) -> None:
        endless = tmp_path / "child.py"
        endless.write_text("import time\ntime.sleep(60)\n")
        begun = time.monotonic()
        with (
            mock.patch.object(reader, "CHILD", endless),
            mock.patch.object(reader, "WALL_SECONDS", 0.5),
            pytest.raises(Unreadable, match="too long"),
        ):
            reader.read(b"", "image/jpeg")
        assert time.monotonic() - begun < 5

    def test_nothing_named_inside_the_picture_is_fetched(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(1)
            knocked = threading.Event()

            def listen() -> None:
                try:
                    server.accept()
                    knocked.set()
                except TimeoutError:
                    return

            listener = threading.Thread(target=listen)
            listener.start()
            picture = unsigned(provenance=f"http://127.0.0.1:{server.getsockname()[1]}/manifest.c2pa")
            with pytest.raises(Unreadable):
                reader.read(picture, "image/jpeg")
            listener.join()
        assert not knocked.is_set()


def test_stamping_refuses_a_query_that_is_none() -> None:
    reply = io.BytesIO(stamping.stamp(chains.current(), b"\x30\x00")).read()
    assert b"Double time" not in reply


def test_the_licence_in_the_signature_follows_the_facts() -> None:
    assert licence_of(replace(FACTS, brand_name="Other"))["brand"] == "Other"
