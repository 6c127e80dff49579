"""A private signing chain: root, issuing authority and leaf on P-256, and a certificate that time stamps are made with.

The keys of root and issuer are forgotten as soon as the chain is written: nobody can issue under them again. What is
signed so is trusted by whoever trusts this very root; production names the files of a chain that the world knows.
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


@dataclass(frozen=True)
class Leaf:
    """Whose certificate signs. `commits` is the key usage of a signature that binds (contentCommitment)."""

    name: str
    usages: tuple[ObjectIdentifier, ...]
    commits: bool = False


STAMPING = Leaf("Double time", (ExtendedKeyUsageOID.TIME_STAMPING,))


def private(folder: Path, leaf: Leaf) -> Chain:
    """The chain in this folder, made now if need be."""
    if not folder.exists():
        make_once(folder, leaf)
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


def make_once(folder: Path, leaf: Leaf) -> None:
    """Complete in a folder aside, then moved into place: of two processes at once one chain stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder.parent))
    make(aside, leaf)
    try:
        aside.rename(folder)
    except OSError:
        shutil.rmtree(aside)
        if not folder.exists():
            raise


def make(folder: Path, leaf: Leaf) -> Chain:
    """Write a new private chain into an empty folder."""
    root_key, issuer_key = _new_key(), _new_key()
    root = _authority("Double private root", root_key, None, root_key, depth=1, days=ROOT_DAYS)
    issuer = _authority("Double private issuer", issuer_key, root, root_key, depth=0, days=ISSUER_DAYS)
    chain = _in(folder)
    _write(chain.anchors, root)
    for certificates, key_file, kind in (
        (chain.certificates, chain.key, leaf),
        (chain.stamp_certificates, chain.stamp_key, STAMPING),
    ):
        key = _new_key()
        _write(certificates, _leaf(kind, key, issuer, issuer_key), issuer)
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
    leaf: Leaf, key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """RFC 3161 wants the usage of a time-stamping certificate marked critical and alone."""
    builder = _builder(leaf.name, key, issuer, issuer_key, LEAF_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False, commits=leaf.commits), critical=True)
    if leaf.usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(leaf.usages), critical=len(leaf.usages) == 1)
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


def _usage(*, authority: bool, commits: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=commits,
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
