"""Whose signature it is: root, issuing authority and leaf on P-256, and the keys that time stamps are made with.

Production names the files of its own chain. Without them the first use makes a private chain in the state folder;
public viewers call that one untrusted until a certificate of the C2PA conformance programme is bought.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

C2PA_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
# Readers of either age accept the leaf: older ones ask for e-mail protection.
LEAF_USAGES = [C2PA_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
ACCEPTED_USAGES = (C2PA_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.TIME_STAMPING)
ROOT_DAYS, ISSUER_DAYS, LEAF_DAYS = 3650, 1825, 365


@dataclass(frozen=True)
class Chain:
    """Files in PEM. `timestamp_url` is empty where the chain stamps by itself, with the two files after it."""

    anchors: Path
    certificates: Path
    key: Path
    timestamp_url: str
    stamp_certificates: Path
    stamp_key: Path


def current() -> Chain:
    """The chain named by the settings, or the private one, made now if need be."""
    if settings.C2PA_CERTIFICATES:
        return Chain(
            anchors=Path(settings.C2PA_ANCHORS),
            certificates=Path(settings.C2PA_CERTIFICATES),
            key=Path(settings.C2PA_KEY),
            timestamp_url=settings.C2PA_TIMESTAMP_URL,
            stamp_certificates=Path(),
            stamp_key=Path(),
        )
    folder = Path(settings.C2PA_PRIVATE_CHAIN)
    if not folder.exists():
        _make_once(folder)
    return _in(folder)


def _in(folder: Path) -> Chain:
    return Chain(
        anchors=folder / "root.pem",
        certificates=folder / "signing.pem",
        key=folder / "signing.key",
        timestamp_url="",
        stamp_certificates=folder / "stamping.pem",
        stamp_key=folder / "stamping.key",
    )


def _make_once(folder: Path) -> None:
    """Complete in a folder aside, then moved into place: of two processes at once one chain stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent))
    make(aside)
    try:
        aside.rename(folder)
    except OSError:
        shutil.rmtree(aside)
        if not folder.exists():
            raise


def make(folder: Path) -> Chain:
    """Write a new private chain into an empty folder."""
    root_key, issuer_key = _new_key(), _new_key()
    root = _authority("Double private root", root_key, None, root_key, depth=1, days=ROOT_DAYS)
    issuer = _authority("Double private issuer", issuer_key, root, root_key, depth=0, days=ISSUER_DAYS)
    chain = _in(folder)
    _write(chain.anchors, root)
    for certificates, key_file, name, usages in (
        (chain.certificates, chain.key, "Double pictures", LEAF_USAGES),
        (chain.stamp_certificates, chain.stamp_key, "Double time", [ExtendedKeyUsageOID.TIME_STAMPING]),
    ):
        key = _new_key()
        _write(certificates, _leaf(name, key, issuer, issuer_key, usages), issuer)
        _write_key(key_file, key)
    return chain


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _authority(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    depth: int,
    days: int,
) -> x509.Certificate:
    builder = _builder(name, key, issuer, issuer_key, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _leaf(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    usages: list[ObjectIdentifier],
) -> x509.Certificate:
    """RFC 3161 wants the usage of a time-stamping certificate marked critical and alone."""
    builder = _builder(name, key, issuer, issuer_key, LEAF_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=len(usages) == 1)
    return builder.sign(issuer_key, hashes.SHA256())


def _builder(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    days: int,
) -> x509.CertificateBuilder:
    subject = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Double"),
        x509.NameAttribute(NameOID.COMMON_NAME, name),
    ])  # fmt: skip
    begins = datetime.now(UTC) - timedelta(minutes=5)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, *certificates: x509.Certificate) -> None:
    path.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
