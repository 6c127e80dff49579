"""The certificate of a signature: made after it, signed over every byte, in the chain, and hers alone to fetch."""

import io
from collections.abc import Callable
from unittest import mock

import pytest
from cryptography import x509
from django.db.models import ProtectedError
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import TextStamp, TextStampStyle

from apps.audit.models import Event
from apps.audit.services import erase_payloads, verify_chain
from apps.integrations import private_chain
from apps.integrations.pdf import chain as chains
from apps.integrations.pdf.reader import Unsound, examine
from apps.media import storage
from apps.media.services import read
from apps.signatures import certificates, tasks
from apps.signatures.models import Certificate, Signature
from tests.factories.people import make_talent

pytestmark = pytest.mark.django_db


@pytest.fixture
def signature() -> Signature:
    talent, _ = make_talent("maya-okafor")
    return Signature.objects.filter(kind="consent", party=talent.party).earliest("signed_at")


@pytest.fixture
def certificate(signature: Signature) -> Certificate:
    return certificates.make(signature_id=signature.pk)


def overlay(pdf: bytes) -> bytes:
    """The attack that common viewers wave through: a further revision lays text over the page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    TextStamp(writer, TextStampStyle(stamp_text="forever, in all media")).apply(0, 60, 400)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def altered(pdf: bytes, where: float) -> bytes:
    changed = bytearray(pdf)
    changed[int(len(pdf) * where)] ^= 1
    return bytes(changed)


class TestMaking:
    def test_the_pdf_carries_the_text_and_the_evidence_and_stands_in_the_chain(self, signature, certificate) -> None:
        pdf = read(certificate.file)
        reader = PdfFileReader(io.BytesIO(pdf))
        assert b"evidence.json" in pdf
        assert reader.embedded_signatures[0].signer_cert.subject.native["common_name"] == "Double certificates"
        event = Event.objects.get(kind="certificate.made")
        assert event.subject == f"certificate:{certificate.pk}"
        assert event.body["data"]["sha256"] == certificate.sha256 == certificate.file.sha256
        assert certificates.verify(certificate)
        assert verify_chain().ok

    def test_is_made_once(self, signature, certificate) -> None:
        assert certificates.make(signature_id=signature.pk) == certificate
        assert Event.objects.filter(kind="certificate.made").count() == 1

    def test_waits_for_the_commit(self, django_capture_on_commit_callbacks: Callable) -> None:
        delayed = mock.patch.object(tasks.make_certificate, "delay")
        with delayed as sent, django_capture_on_commit_callbacks(execute=True):
            make_talent("kai-lindgren")
            assert not sent.called
        assert sent.call_count == 5

    def test_a_lost_message_is_made_up_for(self, signature, monkeypatch) -> None:
        monkeypatch.setattr(tasks, "GRACE", -tasks.GRACE)
        with mock.patch.object(tasks.make_certificate, "delay") as sent:
            tasks.sweep()
        assert {call.args[0] for call in sent.call_args_list} == {str(s.pk) for s in Signature.objects.all()}


class TestChecking:
    def test_text_laid_over_by_an_incremental_update_is_refused(self, certificate) -> None:
        with pytest.raises(Unsound, match="added after"):
            examine(overlay(read(certificate.file)))

    @pytest.mark.parametrize("where", [0.1, 0.2, 0.5])
    def test_an_altered_byte_is_refused(self, certificate, where) -> None:
        with pytest.raises(Unsound):
            examine(altered(read(certificate.file), where))

    @pytest.mark.parametrize("where", [0, 0.1, 0.5, 0.9, 0.999])
    def test_and_so_is_one_in_the_padding_that_no_signature_covers(self, certificate, where) -> None:
        pdf = altered(read(certificate.file), where)
        storage.delete_bytes(certificate.file.storage_name)
        storage.save_bytes(certificate.file.storage_name, pdf)
        with pytest.raises(Unsound, match="other bytes"):
            certificates.verify(certificate)

    def test_bytes_behind_the_end_are_refused(self, certificate) -> None:
        with pytest.raises(Unsound):
            examine(read(certificate.file) + b"\n% a word more\n")

    def test_a_stranger_with_our_names_is_refused(self, signature, tmp_path) -> None:
        rogue = private_chain.make(tmp_path, chains.DOCUMENTS)
        with mock.patch("apps.integrations.pdf.signer.current", return_value=rogue):
            pdf = certificates.sign_pdf(certificates.typeset(certificates.evidence_of(signature)), reason="x")
        with pytest.raises(Unsound):
            examine(pdf)

    @pytest.mark.parametrize("junk", [b"", b"%PDF-1.7\n", b"no pdf at all"])
    def test_what_is_no_signed_pdf_is_refused(self, junk) -> None:
        with pytest.raises(Unsound):
            examine(junk)

    def test_an_unsigned_one_is_refused(self, signature) -> None:
        with pytest.raises(Unsound, match="0 signatures"):
            examine(certificates.typeset(certificates.evidence_of(signature)))

    def test_a_file_exchanged_in_the_storage_is_noticed(self, certificate) -> None:
        other = certificates.make(signature_id=Signature.objects.filter(certificate=None).first().pk)
        storage.delete_bytes(certificate.file.storage_name)
        storage.save_bytes(certificate.file.storage_name, read(other.file))
        with pytest.raises(Unsound, match="other bytes"):
            certificates.verify(certificate)

    def test_the_leaf_binds(self) -> None:
        """A signature that commits to its content needs the key usage for it."""
        leaf = x509.load_pem_x509_certificate(chains.current().certificates.read_bytes())
        assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment


class TestKeeping:
    def test_stays_provable_after_an_erasure(self, signature, certificate) -> None:
        erase_payloads(subject=f"signature:{signature.pk}", by="system", reason="asked to be forgotten")
        assert verify_chain().ok
        assert certificates.verify(certificate)

    def test_the_chain_verifies_even_when_what_it_says_of_the_certificate_is_erased(self, certificate) -> None:
        erase_payloads(subject=f"certificate:{certificate.pk}", by="system", reason="asked to be forgotten")
        assert verify_chain().ok
        assert certificates.verify(certificate)

    def test_no_signature_or_file_goes_under_it(self, certificate) -> None:
        with pytest.raises(ProtectedError):
            certificate.file.delete()
